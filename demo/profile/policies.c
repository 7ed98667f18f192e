/* The policies by name: the cache itself first, then what it could be compared with, a file each. */
#include "replay.h"

#include <string.h>

const replay_policy replay_policies[] = {
    {"lru", "the cache itself: the least recently used go", replay_cache},
    {"fifo", "the oldest uploads go", replay_fifo},
    {"sieve", "of the oldest uploads, those without use go", replay_sieve},
    {"belady", "those go that the trace uses again last", replay_belady},
    {NULL, NULL, NULL},
};

const replay_policy *replay_policy_find(const char *name, size_t bytes)
{
    for (const replay_policy *policy = replay_policies; policy->name != NULL; ++policy) {
        if (strlen(policy->name) == bytes && memcmp(policy->name, name, bytes) == 0) {
            return policy;
        }
    }
    return NULL;
}
