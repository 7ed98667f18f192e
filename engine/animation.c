/* Animations: pure functions of the time.
 *
 * A run is a walk over places: 0, 1, ... of the frames, and for one that goes back and forth also those
 * between the last and the first on its way back. Times are summed in doubles, so that after a year of
 * running the frame is still exact. A frame whose time is not above 0, or is NaN, is passed over.
 */
#include <pxe/animation.h>

#include <math.h>

static bool has_frames(const pxe_animation *animation)
{
    return animation->frames != NULL && animation->count > 0;
}

static double frame_seconds(const pxe_animation *animation, int frame)
{
    const double seconds = (double)animation->frames[frame].seconds;
    return seconds > 0 ? seconds : 0; /* a NaN is not above 0 */
}

static int64_t places(const pxe_animation *animation)
{
    const int64_t count = animation->count;
    return animation->play == PXE_PLAY_BACK_AND_FORTH && count > 2 ? 2 * count - 2 : count;
}

static int frame_at_place(const pxe_animation *animation, int64_t place)
{
    return (int)(place < animation->count ? place : 2 * (int64_t)animation->count - 2 - place);
}

static double run_seconds(const pxe_animation *animation)
{
    double sum = 0;
    if (has_frames(animation)) {
        for (int64_t place = 0; place < places(animation); ++place) {
            sum += frame_seconds(animation, frame_at_place(animation, place));
        }
    }
    return sum;
}

float pxe_animation_seconds(const pxe_animation *animation)
{
    return (float)run_seconds(animation);
}

/* The time within a run. */
static double folded(double seconds, double run)
{
    if (!(seconds > 0) || !(run > 0) || isinf(seconds)) {
        return 0;
    }
    return isinf(run) ? seconds : fmod(seconds, run);
}

int pxe_animation_at(const pxe_animation *animation, double seconds)
{
    if (!has_frames(animation)) {
        return -1;
    }
    const double run = run_seconds(animation);
    if (animation->play == PXE_PLAY_ONCE && seconds >= run) {
        return animation->count - 1;
    }
    const double time = folded(seconds, run);
    double end = 0;
    int last_shown = 0;
    for (int64_t place = 0; place < places(animation); ++place) {
        const int frame = frame_at_place(animation, place);
        const double length = frame_seconds(animation, frame);
        end += length;
        if (time < end) {
            return frame;
        }
        last_shown = length > 0 ? frame : last_shown;
    }
    return last_shown;
}

bool pxe_animation_over(const pxe_animation *animation, double seconds)
{
    return animation->play == PXE_PLAY_ONCE && seconds >= run_seconds(animation);
}

// NOLINTNEXTLINE(readability-function-size): seven numbers, each once and each plain
void pxe_animation_cut(pxe_animation_frame *frames, int count, pxe_image sheet, int columns, float cell_width,
                       float cell_height, float seconds)
{
    for (int i = 0; frames != NULL && i < count; ++i) {
        const int column = columns > 0 ? i % columns : i;
        const int row = columns > 0 ? i / columns : 0;
        frames[i] = (pxe_animation_frame){
            .image = sheet,
            .source = {(float)column * cell_width, (float)row * cell_height, cell_width, cell_height},
            .seconds = seconds,
        };
    }
}
