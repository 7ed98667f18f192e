/* Camera mathematics by cglm: scale by zoom, rotate, move the camera's point to the middle of the screen.
 *
 * A pixel-exact camera is seen from a little beside its place: from where the world's corner falls on a
 * whole pixel. All functions but zoom_at look from there; zooming would add up what was rounded, were it to
 * go by the rounded place.
 */
#include <pxe/camera.h>

#include <cglm/cglm.h>

#include <math.h>
#include <string.h>

static float zoom_of(const pxe_camera *camera)
{
    return camera->zoom == 0.0F ? 1.0F : camera->zoom;
}

/* The point along one axis that is shown in the middle of a screen of `side` pixels. */
static float rounded(float point, float zoom, float side)
{
    const double corner_px = (double)side / 2 - (double)point * (double)zoom;
    return (float)(((double)side / 2 - round(corner_px)) / (double)zoom);
}

static float shown_x(const pxe_camera *camera)
{
    const bool is_exact = camera->pixel_exact && camera->rotation == 0;
    return is_exact ? rounded(camera->x, zoom_of(camera), camera->width) : camera->x;
}

static float shown_y(const pxe_camera *camera)
{
    const bool is_exact = camera->pixel_exact && camera->rotation == 0;
    return is_exact ? rounded(camera->y, zoom_of(camera), camera->height) : camera->y;
}

pxe_camera pxe_camera_screen(int width, int height)
{
    return (pxe_camera){.x = (float)width / 2,
                        .y = (float)height / 2,
                        .zoom = 1,
                        .width = (float)width,
                        .height = (float)height};
}

void pxe_camera_matrix(const pxe_camera *camera, float out[16])
{
    mat4 matrix;
    /* Bottom and top are swapped, so that y grows downwards. */
    glm_ortho(-camera->width / 2, camera->width / 2, camera->height / 2, -camera->height / 2, -1, 1, matrix);
    glm_rotate(matrix, camera->rotation, (vec3){0, 0, 1});
    glm_scale_uni(matrix, zoom_of(camera));
    glm_translate(matrix, (vec3){-shown_x(camera), -shown_y(camera), 0});
    memcpy(out, matrix, sizeof matrix);
}

void pxe_camera_to_world(const pxe_camera *camera, float screen_x, float screen_y, float *x, float *y)
{
    vec2 point = {screen_x - camera->width / 2, screen_y - camera->height / 2};
    glm_vec2_rotate(point, -camera->rotation, point);
    *x = shown_x(camera) + point[0] / zoom_of(camera);
    *y = shown_y(camera) + point[1] / zoom_of(camera);
}

void pxe_camera_to_screen(const pxe_camera *camera, float x, float y, float *screen_x, float *screen_y)
{
    vec2 point = {(x - shown_x(camera)) * zoom_of(camera), (y - shown_y(camera)) * zoom_of(camera)};
    glm_vec2_rotate(point, camera->rotation, point);
    *screen_x = point[0] + camera->width / 2;
    *screen_y = point[1] + camera->height / 2;
}

void pxe_camera_zoom_at(pxe_camera *camera, float factor, float screen_x, float screen_y)
{
    float before[2];
    float after[2];
    pxe_camera at = *camera;
    at.pixel_exact = false;
    pxe_camera_to_world(&at, screen_x, screen_y, &before[0], &before[1]);
    at.zoom = zoom_of(&at) * factor;
    pxe_camera_to_world(&at, screen_x, screen_y, &after[0], &after[1]);
    camera->zoom = at.zoom;
    camera->x += before[0] - after[0];
    camera->y += before[1] - after[1];
}
