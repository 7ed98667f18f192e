/* Seeded numbers and the little trigonometry that the rules need. libm's sine differs in its last bits from system to
 * system, and one such bit makes another night: so these are polynomials, made of additions, multiplications and square
 * roots, which IEEE 754 defines to the bit. The generator is a 64-bit linear congruential one of which the upper half,
 * mixed, is given out.
 */
#include "sim.h"

#include <math.h>

static const float pi = 3.14159265F;

uint32_t sim_random_next(sim_random *random)
{
    random->state = random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t mixed = random->state ^ random->state >> 33;
    mixed *= UINT64_C(0xFF51AFD7ED558CCD);
    return (uint32_t)(mixed >> 32);
}

sim_random sim_random_from(uint64_t seed, uint64_t stream)
{
    sim_random random = {(seed + 1) * UINT64_C(0x9E3779B97F4A7C15) ^
                         (stream + 1) * UINT64_C(0xBF58476D1CE4E5B9)};
    for (int i = 0; i < 4; ++i) { /* near seeds part */
        sim_random_next(&random);
    }
    return random;
}

float sim_random_unit(sim_random *random)
{
    return (float)(sim_random_next(random) >> 8) / 16777216.0F;
}

float sim_random_between(sim_random *random, float least, float most)
{
    return least + (most - least) * sim_random_unit(random);
}

uint32_t sim_random_below(sim_random *random, uint32_t end)
{
    return (uint32_t)((uint64_t)sim_random_next(random) * end >> 32);
}

/* Brings the angle to -pi/2 ... pi/2, where the series' first four terms are enough. */
float sim_sine(float radians)
{
    const float turns = radians / (2 * pi);
    float x = (turns - floorf(turns + 0.5F)) * 2 * pi;
    x = x > pi / 2 ? pi - x : x < -pi / 2 ? -pi - x : x;
    const float xx = x * x;
    return x * (1 - xx / 6 * (1 - xx / 20 * (1 - xx / 42)));
}

float sim_cosine(float radians)
{
    return sim_sine(radians + pi / 2);
}

/* Within the first octant the arc tangent of t is near t (pi/4 + 0.273 (1 - t)); the rest is mirrors. */
float sim_angle(float x, float y)
{
    const float ax = fabsf(x);
    const float ay = fabsf(y);
    if (ax + ay == 0) {
        return 0;
    }
    const float t = ax > ay ? ay / ax : ax / ay;
    float angle = t * (pi / 4 + 0.273F * (1 - t));
    angle = ax > ay ? angle : pi / 2 - angle;
    angle = x < 0 ? pi - angle : angle;
    return y < 0 ? -angle : angle;
}

float sim_length(float x, float y)
{
    return sqrtf(x * x + y * y);
}
