/* Camera mathematics by cglm: scale by zoom, rotate, move the camera's point to the middle of the screen. */
#include <pxe/camera.h>

#include <cglm/cglm.h>

#include <string.h>

static float zoom_of(const pxe_camera *camera)
{
    return camera->zoom == 0.0F ? 1.0F : camera->zoom;
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
    glm_translate(matrix, (vec3){-camera->x, -camera->y, 0});
    memcpy(out, matrix, sizeof matrix);
}

void pxe_camera_to_world(const pxe_camera *camera, float screen_x, float screen_y, float *x, float *y)
{
    vec2 point = {screen_x - camera->width / 2, screen_y - camera->height / 2};
    glm_vec2_rotate(point, -camera->rotation, point);
    *x = camera->x + point[0] / zoom_of(camera);
    *y = camera->y + point[1] / zoom_of(camera);
}

void pxe_camera_to_screen(const pxe_camera *camera, float x, float y, float *screen_x, float *screen_y)
{
    vec2 point = {(x - camera->x) * zoom_of(camera), (y - camera->y) * zoom_of(camera)};
    glm_vec2_rotate(point, camera->rotation, point);
    *screen_x = point[0] + camera->width / 2;
    *screen_y = point[1] + camera->height / 2;
}

void pxe_camera_zoom_at(pxe_camera *camera, float factor, float screen_x, float screen_y)
{
    float before[2];
    float after[2];
    pxe_camera_to_world(camera, screen_x, screen_y, &before[0], &before[1]);
    camera->zoom = zoom_of(camera) * factor;
    pxe_camera_to_world(camera, screen_x, screen_y, &after[0], &after[1]);
    camera->x += before[0] - after[0];
    camera->y += before[1] - after[1];
}
