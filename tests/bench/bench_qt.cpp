// Qt's caches with one shared pixmap of 1 KiB, measured by the same rules: QPixmapCache, the model, and QCache, on which
// it stands. They are called as Qt's documentation shows: a find into a pixmap of its own, an insert whose key is kept.
//
//     bench_qt QPixmapCache|QCache ENTRIES
#include "bench.h"

#include <QCache>
#include <QGuiApplication>
#include <QPixmap>
#include <QPixmapCache>
#include <QString>

#include <malloc.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

QPixmap *shared;

void require(bool holds)
{
    if (!holds) {
        fputs("bench: Qt gave an unexpected answer\n", stderr);
        exit(1);
    }
}

size_t heap_bytes()
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

// Its limit counts in KiB, and the pixmap has one.
struct PixmapCache {
    using Key = QPixmapCache::Key;
    void set_limit(size_t entries) { QPixmapCache::setCacheLimit(int(entries)); }
    void clear() { QPixmapCache::clear(); }
    Key insert() { return QPixmapCache::insert(*shared); }
    void insert(const QString &name) { QPixmapCache::insert(name, *shared); }
    bool replace(const Key &key) { return QPixmapCache::replace(key, *shared); }
    void remove(const Key &key) { QPixmapCache::remove(key); }
    bool find(const Key &key)
    {
        QPixmap pixmap;
        return QPixmapCache::find(key, &pixmap);
    }
    bool find(const QString &name)
    {
        QPixmap pixmap;
        return QPixmapCache::find(name, &pixmap);
    }
};

// Each entry costs one; the cache owns its values, so each is a copy of the shared pixmap.
struct Cache {
    using Key = quint64;
    QCache<quint64, QPixmap> by_key;
    QCache<QString, QPixmap> by_name;
    quint64 last_key = 0;
    void set_limit(size_t entries)
    {
        by_key.setMaxCost(qsizetype(entries));
        by_name.setMaxCost(qsizetype(entries));
    }
    void clear()
    {
        by_key.clear();
        by_name.clear();
    }
    Key insert()
    {
        by_key.insert(++last_key, new QPixmap(*shared));
        return last_key;
    }
    void insert(const QString &name) { by_name.insert(name, new QPixmap(*shared)); }
    bool replace(Key key) { return by_key.insert(key, new QPixmap(*shared)); }
    void remove(Key key) { by_key.remove(key); }
    bool find(Key key) { return by_key.object(key) != nullptr; }
    bool find(const QString &name) { return by_name.object(name) != nullptr; }
};

std::vector<QString> names_of(const char *folder, size_t size)
{
    std::vector<QString> names;
    char name[BENCH_NAME_BYTES];
    for (size_t i = 0; i < size; ++i) {
        bench_name(name, folder, i);
        names.push_back(QString::fromLatin1(name));
    }
    return names;
}

template <class Peer> struct Bench {
    size_t size;
    Peer cache;
    std::vector<typename Peer::Key> keys;
    std::vector<QString> names, absent, fresh;
    uint32_t *order;

    explicit Bench(size_t entries)
        : size(entries), keys(entries), names(names_of("images/level3", entries)),
          absent(names_of("images/level7", entries)), fresh(names_of("images/level9", BENCH_CALLS)),
          order(bench_order(BENCH_CALLS, entries, 88172645463325252U))
    {
    }
    ~Bench() { free(order); }

    void fill()
    {
        for (size_t i = 0; i < size; ++i) {
            keys[i] = cache.insert();
        }
    }

    void fill_by_name()
    {
        for (const QString &name : names) {
            cache.insert(name);
        }
    }

    // The names' own memory is shared with the caller's strings: nothing is to be taken off.
    void measure_fill(const char *metric, const char *heap_metric, void (Bench::*way)())
    {
        const size_t fills = bench_fills(size);
        double spent_ns = 0;
        for (size_t i = 0; i < fills; ++i) {
            cache.clear();
            keys.assign(size, typename Peer::Key());
            const size_t before = heap_bytes();
            const double start_ns = bench_now_ns();
            (this->*way)();
            spent_ns += bench_now_ns() - start_ns;
            if (i + 1 == fills) {
                printf("%s %.1f\n", heap_metric, double(heap_bytes() - before) / double(size));
            }
        }
        printf("%s %.2f\n", metric, spent_ns / double(fills * size));
    }

    void measure_by_key()
    {
        double start_ns = bench_now_ns();
        for (size_t i = 0; i < BENCH_CALLS; ++i) {
            require(cache.find(keys[order[i]]));
        }
        bench_print("find_key", start_ns, BENCH_CALLS);
        const size_t frames = BENCH_CALLS / BENCH_FRAME_USES;
        start_ns = bench_now_ns();
        for (size_t i = 0; i < frames * BENCH_FRAME_USES; ++i) {
            require(cache.find(keys[order[i]]));
        }
        printf("frame_us %.2f\n", (bench_now_ns() - start_ns) / double(frames) / 1e3);
        start_ns = bench_now_ns();
        for (size_t i = 0; i < BENCH_CALLS; ++i) {
            require(cache.replace(keys[order[i]]));
        }
        bench_print("replace", start_ns, BENCH_CALLS);
    }

    void measure_remove()
    {
        uint32_t *each = bench_permutation(size, 7);
        const size_t fills = bench_fills(size);
        double spent_ns = 0;
        for (size_t round = 0; round < fills; ++round) {
            const double start_ns = bench_now_ns();
            for (size_t i = 0; i < size; ++i) {
                cache.remove(keys[each[i]]);
            }
            spent_ns += bench_now_ns() - start_ns;
            if (round + 1 < fills) {
                fill();
            }
        }
        printf("remove %.2f\n", spent_ns / double(fills * size));
        free(each);
    }

    void measure_by_name()
    {
        double start_ns = bench_now_ns();
        for (size_t i = 0; i < BENCH_CALLS; ++i) {
            require(cache.find(names[order[i]]));
        }
        bench_print("find_name", start_ns, BENCH_CALLS);
        start_ns = bench_now_ns();
        for (size_t i = 0; i < BENCH_CALLS; ++i) {
            require(!cache.find(absent[order[i]]));
        }
        bench_print("find_name_miss", start_ns, BENCH_CALLS);
    }

    void measure_at_limit()
    {
        cache.clear();
        cache.set_limit(size);
        fill();
        double start_ns = bench_now_ns();
        for (size_t i = 0, at = 0; i < BENCH_CALLS; ++i, at = at + 1 == size ? 0 : at + 1) {
            keys[at] = cache.insert();
        }
        bench_print("insert_evict_key", start_ns, BENCH_CALLS);
        cache.clear();
        fill_by_name();
        start_ns = bench_now_ns();
        for (const QString &name : fresh) {
            cache.insert(name);
        }
        bench_print("insert_evict_name", start_ns, fresh.size());
        cache.clear();
    }

    void measure()
    {
        cache.set_limit(INT_MAX);
        measure_fill("insert_key", "heap_key_bytes", &Bench::fill);
        measure_by_key();
        measure_remove();
        measure_fill("insert_name", "heap_name_bytes", &Bench::fill_by_name);
        measure_by_name();
        measure_at_limit();
    }
};

} // namespace

int main(int argc, char **argv)
{
    const bool model = argc > 1 && strcmp(argv[1], "QPixmapCache") == 0;
    if (argc < 2 || (!model && strcmp(argv[1], "QCache") != 0)) {
        fprintf(stderr, "usage: %s QPixmapCache|QCache ENTRIES\n", argv[0]);
        return 2;
    }
    const size_t size = bench_size(argc - 1, argv + 1);
    int one = 1;
    QGuiApplication application(one, argv);
    shared = new QPixmap(16, 16);
    shared->fill(Qt::white);
    if (model) {
        Bench<PixmapCache>(size).measure();
    } else {
        Bench<Cache>(size).measure();
    }
    delete shared;
    return 0;
}
