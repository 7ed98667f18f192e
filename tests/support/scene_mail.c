/* What is handed over in a scene. Whether it went up, how far, or whether it was dropped is not foreseen, because that
 * is what the tests break: it is read from the release, from the name and from the counters of textures and bytes, of
 * which only such changes are let through as one step of an upload can make. The ledgers of the tests prove the
 * counters. */
#include "scene.h"

static void on_release(void *user)
{
    scene_mail *mail = user;
    mail->releases++;
}

scene_mail *scene_pending(scene *s)
{
    scene_mail *last = s->mail_count == 0 ? NULL : &s->mail[s->mail_count - 1];
    return last == NULL || last->is_due || last->releases > 0 ? NULL : last;
}

pxc_status scene_submit(scene *s, int name, const pxc_pixmap *pixmap)
{
    assert_true(s->mail_count < SCENE_MAX_MAIL);
    scene_mail *older = scene_pending(s);
    scene_mail *mail = &s->mail[s->mail_count];
    *mail = (scene_mail){.pixmap = *pixmap, .name = name};
    const pxc_status status = pxc_submit(s->cache, scene_name(name), pixmap, on_release, mail);
    assert_int_equal(mail->releases, 0);
    if (status == PXC_OK) {
        s->mail_count++;
        if (older != NULL) {
            assert_int_equal(older->name, name);
            older->is_due = true;
        }
    }
    return status;
}

static size_t bytes_of(const scene_mail *mail)
{
    return fake_gpu_row_bytes(mail->pixmap.format, mail->pixmap.width);
}

size_t scene_mail_bytes(const scene *s)
{
    size_t sum = 0;
    for (size_t i = 0; i < s->mail_count; ++i) {
        const scene_mail *mail = &s->mail[i];
        const size_t stride = mail->pixmap.stride > 0 ? (size_t)mail->pixmap.stride : bytes_of(mail);
        assert_in_range(mail->releases, 0, 1);
        sum += mail->releases == 0 ? stride * (size_t)mail->pixmap.height : 0;
    }
    return sum;
}

void scene_settle_mail(scene *s)
{
    for (size_t i = 0; i < s->mail_count; ++i) {
        scene_mail *mail = &s->mail[i];
        if (mail->is_due && mail->is_half_up && mail->releases > 0) {
            mail->is_half_up = false;
            model_give_up_texture(&s->m);
        }
    }
}

static void assert_due_released(const scene *s)
{
    for (size_t i = 0; i < s->mail_count; ++i) {
        assert_true(!s->mail[i].is_due || s->mail[i].releases == 1);
    }
}

void scene_mail_gone(scene *s)
{
    for (size_t i = 0; i < s->mail_count; ++i) {
        s->mail[i].is_due = true;
    }
    assert_due_released(s);
    scene_settle_mail(s);
}

/* It is the entry of its name now. */
static bool is_up(scene *s, const scene_mail *mail, pxc_key *key)
{
    return pxc_lookup(s->cache, scene_name(mail->name), key) == PXC_OK && model_by_key(&s->m, *key) == NULL;
}

static void drop(scene *s, scene_mail *mail)
{
    s->drops++;
    s->m.stats.submits_failed++;
    if (mail->is_half_up) {
        model_give_up_texture(&s->m);
    }
}

static void follow_step(scene *s, scene_mail *mail)
{
    const pxc_stats stats = stats_of(s->cache);
    const model_image image = scene_image(&mail->pixmap);
    const uint64_t made = stats.textures_created - s->m.stats.textures_created;
    const uint64_t bytes = stats.upload_bytes - s->m.stats.upload_bytes;
    pxc_key key = {0};
    assert_in_range(made, 0, mail->is_half_up ? 0 : 1);
    assert_true(bytes == 0 || bytes == bytes_of(mail)); /* one row, which may be all */
    s->m.stats.upload_bytes += bytes;
    if (made > 0) {
        model_begin_texture(&s->m, &image);
        mail->is_half_up = true;
    }
    if (mail->releases == 0) {
        return;
    }
    if (is_up(s, mail, &key)) {
        assert_true(mail->is_half_up); /* its rows may all have been up before */
        model_finish_texture(&s->m, key, mail->name);
        scene_give(s, key);
    } else {
        drop(s, mail);
    }
    mail->is_half_up = false;
    mail->is_due = true;
}

void scene_follow_frame_begin(scene *s)
{
    assert_due_released(s);
    scene_settle_mail(s);
    scene_mail *mail = s->mail_count == 0 ? NULL : &s->mail[s->mail_count - 1];
    if (mail != NULL && !mail->is_due) {
        follow_step(s, mail);
    }
}

void scene_drain(scene *s)
{
    const scene_mail *mail = scene_pending(s);
    for (int i = 0; mail != NULL && mail->releases == 0; ++i) {
        assert_true(i <= mail->pixmap.height);
        assert_status(PXC_OK, pxc_frame_begin(s->cache));
        scene_follow_frame_begin(s);
    }
}
