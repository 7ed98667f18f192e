/* The game's rules, apart from drawing and input: a sea at night, a small fish with a lamp, five minutes till dawn.
 *
 * A simulation is a plain struct that moves by ticks of 1/60 s and by nothing else: no clock, no thread, no picture. The
 * same seed and the same inputs give the same ticks. Lengths are world units, one a pixel at zoom 1; y grows downward.
 */
#ifndef GAME_SIM_H
#define GAME_SIM_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_WIDTH     7680.0F
#define SIM_HEIGHT    4608.0F
#define SIM_CELL      80.0F /* side of the cells in which creatures live: one each at most */
#define SIM_TICK_S    (1.0F / 60)
#define SIM_EAT_REACH 38.0F /* from the fish's middle */

enum {
    SIM_TICKS_PER_S = 60,
    SIM_DAWN_TICKS = 300 * SIM_TICKS_PER_S, /* a night */
    SIM_SPECIES = 2048,
    SIM_ZONES = 5, /* bands of depth, each with species of its own */
    SIM_COLUMNS = 96,
    SIM_ROWS = 57,
    SIM_MOST_HUNTERS = 20,
    SIM_MOST_KRILL = 1500,
    SIM_MOST_EVENTS = 64,
    SIM_MOST_MULTIPLIER = 9,
    SIM_DASHES = 3,
    SIM_MOST_ENERGY = 100,
};

typedef struct sim_random {
    uint64_t state;
} sim_random;

typedef struct sim_input {
    float x, y; /* -1 ... 1: where to swim; longer vectors count as of length 1 */
    bool dash;  /* held: each press is one dash */
    bool start; /* pressed in this tick: begins a night, or the next one */
    bool pause; /* pressed in this tick */
    bool leave; /* pressed in this tick: back to the title */
} sim_input;

typedef enum sim_phase { SIM_TITLE, SIM_PLAYING, SIM_PAUSED, SIM_OVER } sim_phase;

/* A creature that is there to be eaten. */
typedef struct sim_creature {
    float x, y, home_x, home_y;
    uint16_t species;
    bool present;      /* false: nobody lives in this cell */
    uint32_t grown_at; /* the tick from which on it is there (again) */
} sim_creature;

/* The cells that a rectangle touches; end = one past the last. */
typedef struct sim_cells {
    int first_column, first_row, end_column, end_row;
} sim_cells;

typedef enum sim_hunter_kind { SIM_ANGLER, SIM_LANCER, SIM_MEDUSA, SIM_HUNTER_KINDS } sim_hunter_kind;
typedef enum sim_mood { SIM_ROAMING, SIM_CHASING, SIM_AIMING, SIM_LUNGING, SIM_TIRED } sim_mood;

typedef struct sim_hunter {
    sim_hunter_kind kind;
    sim_mood mood;
    float x, y, vx, vy;
    uint32_t look;       /* which of its kind's pictures */
    uint32_t mood_ticks; /* in this mood */
    uint32_t age_ticks;
    bool brushed; /* the dash that goes on has passed through it */
} sim_hunter;

typedef struct sim_krill {
    float x, y, vx, vy;
} sim_krill;

typedef struct sim_fish {
    float x, y, vx, vy;
    float energy;                    /* 0 ... SIM_MOST_ENERGY */
    float dashes;                    /* 0 ... SIM_DASHES: whole ones may be used */
    float heading;                   /* radians */
    uint32_t dash_ticks, safe_ticks; /* left */
    bool dash_held;
} sim_fish;

/* What happened in a tick, for those who show it. */
typedef enum sim_event_kind {
    SIM_ATE,       /* value = points, detail = species */
    SIM_ATE_NEW,   /* a species for the first time; the same */
    SIM_ATE_KRILL, /* value = points */
    SIM_TOOK_PEARL,
    SIM_DASHED,
    SIM_BRUSHED, /* dashed through a hunter; value = points */
    SIM_BITTEN,
    SIM_COMBO_LOST, /* value = the multiplier that was */
    SIM_MULTIPLIER, /* value = the new one */
    SIM_BLOOM,      /* krill have come */
    SIM_LUNGE,
    SIM_DARK, /* the lamp has gone out: over */
    SIM_DAWN  /* value = points for what was left: over */
} sim_event_kind;

typedef struct sim_event {
    sim_event_kind kind;
    float x, y;
    uint32_t value, detail;
} sim_event;

typedef struct sim_night {
    uint32_t score, combo, best_combo, multiplier, combo_ticks; /* ticks left until the combo is lost */
    uint32_t eaten, krill_eaten, found_now, brushes, bites, pearls;
} sim_night;

typedef struct sim {
    uint64_t seed;
    uint32_t tick;  /* of this night; stands still when paused */
    uint32_t ticks; /* of the whole simulation, paused or not */
    uint32_t nights;
    sim_phase phase;
    bool dawned; /* how the last night ended */
    sim_random random;
    sim_fish fish;
    sim_night night;
    uint32_t high_score;
    uint32_t found_count; /* species, over all nights */
    bool found[SIM_SPECIES];
    sim_creature creatures[SIM_ROWS * SIM_COLUMNS];
    sim_hunter hunters[SIM_MOST_HUNTERS];
    uint32_t hunter_count, next_hunter_tick;
    sim_krill krill[SIM_MOST_KRILL];
    uint32_t krill_count, krill_end_tick;
    float krill_x, krill_y;
    bool pearl_there;
    float pearl_x, pearl_y;
    uint32_t pearl_tick; /* when the next one comes */
    sim_event events[SIM_MOST_EVENTS];
    uint32_t event_count; /* of the last tick */
    float heat;           /* 0 ... 1: how hard the night is by now */
} sim;

/* sim.c */
void sim_create(sim *s, uint64_t seed);
void sim_step(sim *s, const sim_input *input);
uint64_t sim_hash(const sim *s); /* of all that the rules depend on */
void sim_tell(sim *s, sim_event_kind kind, float x, float y, uint32_t value);
void sim_score(sim *s, uint32_t points);

/* random.c */
sim_random sim_random_from(uint64_t seed, uint64_t stream);
uint32_t sim_random_next(sim_random *random);
float sim_random_unit(sim_random *random); /* 0 ... below 1 */
float sim_random_between(sim_random *random, float least, float most);
uint32_t sim_random_below(sim_random *random, uint32_t end);
float sim_sine(float radians); /* the same on every machine, within 0.0002; so is what follows */
float sim_cosine(float radians);
float sim_angle(float x, float y); /* of a direction, radians, within 0.004 */
float sim_length(float x, float y);

/* creatures.c */
int sim_zone_of_species(uint32_t species);
int sim_zone_at(float y);
void sim_creatures_place(sim *s);
void sim_creatures_step(sim *s); /* those within reach of the lamp are drawn to it, and eaten */
uint32_t sim_multiplier_of(uint32_t combo);
bool sim_creature_there(const sim *s, const sim_creature *creature);
sim_cells sim_cells_in(float x, float y, float width, float height);

/* fish.c */
void sim_fish_place(sim *s);
void sim_fish_step(sim *s, const sim_input *input);
void sim_fish_bite(sim *s, float from_x, float from_y, float energy);

/* hunters.c */
float sim_hunter_reach(sim_hunter_kind kind); /* radius of its body */
void sim_hunters_step(sim *s);

/* krill.c */
void sim_krill_step(sim *s);

/* pilot.c */
sim_input sim_pilot(const sim *s); /* what a player of some skill would press */

#endif
