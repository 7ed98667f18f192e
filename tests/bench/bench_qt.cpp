// Qt's QPixmapCache with one shared pixmap of 1 KiB: the model, measured by the same rules. Its limit counts in KiB.
#include "bench.h"

#include <QGuiApplication>
#include <QPixmap>
#include <QPixmapCache>
#include <QString>

#include <malloc.h>

#include <climits>
#include <cstdlib>
#include <vector>

namespace {

QPixmap *pixmap;

size_t heap_bytes()
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

struct Bench {
    size_t size;
    std::vector<QPixmapCache::Key> keys;
    std::vector<QString> names, absent, fresh;
    uint32_t *order;
};

void require(bool holds)
{
    if (!holds) {
        fputs("bench: QPixmapCache gave an unexpected answer\n", stderr);
        exit(1);
    }
}

void fill_by_key(Bench &b)
{
    b.keys.assign(b.size, QPixmapCache::Key());
    const size_t before = heap_bytes();
    const double start_ns = bench_now_ns();
    for (size_t i = 0; i < b.size; ++i) {
        b.keys[i] = QPixmapCache::insert(*pixmap);
    }
    bench_print("insert_key", start_ns, b.size);
    printf("heap_key_bytes %.1f\n", double(heap_bytes() - before) / double(b.size));
}

void measure_by_key(Bench &b)
{
    QPixmap found;
    double start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        require(QPixmapCache::find(b.keys[b.order[i]], &found));
    }
    bench_print("find_key", start_ns, BENCH_CALLS);
    const size_t frames = BENCH_CALLS / BENCH_FRAME_USES;
    start_ns = bench_now_ns();
    for (size_t i = 0; i < frames * BENCH_FRAME_USES; ++i) {
        require(QPixmapCache::find(b.keys[b.order[i]], &found));
    }
    printf("frame_us %.2f\n", (bench_now_ns() - start_ns) / double(frames) / 1e3);
    start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        require(QPixmapCache::replace(b.keys[b.order[i]], *pixmap));
    }
    bench_print("replace", start_ns, BENCH_CALLS);
    uint32_t *each = bench_permutation(b.size, 7);
    start_ns = bench_now_ns();
    for (size_t i = 0; i < b.size; ++i) {
        QPixmapCache::remove(b.keys[each[i]]);
    }
    bench_print("remove", start_ns, b.size);
    free(each);
}

void measure_by_name(Bench &b)
{
    const size_t before = heap_bytes();
    double start_ns = bench_now_ns();
    for (size_t i = 0; i < b.size; ++i) {
        require(QPixmapCache::insert(b.names[i], *pixmap));
    }
    bench_print("insert_name", start_ns, b.size);
    // The names' own memory is shared with the caller's strings: nothing is to be taken off.
    printf("heap_name_bytes %.1f\n", double(heap_bytes() - before) / double(b.size));
    QPixmap found;
    start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        require(QPixmapCache::find(b.names[b.order[i]], &found));
    }
    bench_print("find_name", start_ns, BENCH_CALLS);
    start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        require(!QPixmapCache::find(b.absent[b.order[i]], &found));
    }
    bench_print("find_name_miss", start_ns, BENCH_CALLS);
}

void measure_at_limit(Bench &b)
{
    QPixmapCache::clear();
    QPixmapCache::setCacheLimit(int(b.size));
    for (size_t i = 0; i < b.size; ++i) {
        QPixmapCache::insert(*pixmap);
    }
    double start_ns = bench_now_ns();
    for (size_t i = 0; i < BENCH_CALLS; ++i) {
        QPixmapCache::insert(*pixmap);
    }
    bench_print("insert_evict_key", start_ns, BENCH_CALLS);
    QPixmapCache::clear();
    for (size_t i = 0; i < b.size; ++i) {
        QPixmapCache::insert(b.names[i], *pixmap);
    }
    start_ns = bench_now_ns();
    for (const QString &name : b.fresh) {
        QPixmapCache::insert(name, *pixmap);
    }
    bench_print("insert_evict_name", start_ns, b.fresh.size());
}

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

} // namespace

int main(int argc, char **argv)
{
    Bench b{bench_size(argc, argv), {}, {}, {}, {}, nullptr};
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int one = 1;
    QGuiApplication application(one, argv);
    pixmap = new QPixmap(16, 16);
    pixmap->fill(Qt::white);
    b.names = names_of("images/level3", b.size);
    b.absent = names_of("images/level7", b.size);
    b.fresh = names_of("images/level9", BENCH_CALLS);
    b.order = bench_order(BENCH_CALLS, b.size, 88172645463325252U);

    QPixmapCache::setCacheLimit(INT_MAX);
    fill_by_key(b);
    measure_by_key(b);
    QPixmapCache::clear();
    measure_by_name(b);
    measure_at_limit(b);
    QPixmapCache::clear();
    free(b.order);
    delete pixmap;
    return 0;
}
