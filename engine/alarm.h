/* The alarm: what comes back, frame by frame, against the limit. */
#ifndef PXE_ALARM_INSIDE_H
#define PXE_ALARM_INSIDE_H

#include <pxe/profile.h>

/* What a frame used. */
typedef struct pxe_alarm_frame {
    uint64_t set_bytes;  /* of its pictures, each once */
    uint64_t need_bytes; /* the smallest limit at which all that returned would have hit */
    uint32_t returns, found;
} pxe_alarm_frame;

typedef struct pxe_alarms {
    pxe_alarm_frame frames[PXE_ALARM_FRAMES]; /* a ring */
    pxe_alarm_frame now;
    uint32_t over_frames,
        calm_frames; /* in a row up to now: the set above the limit; no reason for an alarm */
    pxe_alarm current;
    pxe_alarm_fn on_alarm;
    void *on_alarm_user;
} pxe_alarms;

/* The first use of a picture in this frame. need_bytes: PXE_NEED_NONE = it was never seen before. returned: it was not
 * drawn in the frame before. */
void pxe_alarms_use(pxe_alarms *alarms, uint64_t bytes, uint64_t need_bytes, bool returned,
                    uint64_t limit_bytes);
/* It should have been drawn and was not there. */
void pxe_alarms_late(pxe_alarms *alarms, uint64_t bytes);
void pxe_alarms_frame_end(pxe_alarms *alarms, uint64_t frame, uint64_t limit_bytes);

#endif
