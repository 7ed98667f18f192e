// SFML in the benchmark of sprites: one sf::Sprite a sprite, drawn into an sf::RenderTexture, which needs no
// window. Sprites keep their texture and get a new position in each frame. Vertex arrays would be an atlas
// made by hand.
#include "sprites_scene.h"

#include <SFML/Graphics.hpp>
#include <SFML/OpenGL.hpp>

#include <memory>
#include <string>
#include <vector>

namespace
{

struct state {
    sf::RenderTexture target;
    std::vector<std::unique_ptr<sf::Texture>> textures;
    std::vector<sf::Sprite> sprites;
    void (*finish)();
};

sf::GlFunctionPointer function(const char *name)
{
    const sf::GlFunctionPointer address = sf::Context::getFunction(name);
    if (address == nullptr) {
        sprites_fail("SFML has no function", name);
    }
    return address;
}

std::string renderer_name()
{
    const auto get_string = reinterpret_cast<const GLubyte *(*)(GLenum)>(function("glGetString"));
    return reinterpret_cast<const char *>(get_string(GL_RENDERER));
}

void open(state &it, const sprites_scene &scene)
{
    if (!it.target.create(SPRITES_WIDTH, SPRITES_HEIGHT)) {
        sprites_fail("SFML", "no target to draw into");
    }
    it.finish = function("glFinish");
    for (int i = 0; i < scene.textures; ++i) {
        unsigned char pixels[SPRITES_TEXTURE_BYTES];
        sprites_paint(pixels, i, false);
        it.textures.push_back(std::make_unique<sf::Texture>());
        if (!it.textures.back()->create(SPRITES_SIDE, SPRITES_SIDE)) {
            sprites_fail("SFML", "no texture");
        }
        it.textures.back()->setSmooth(true);
        it.textures.back()->update(pixels);
    }
    for (int i = 0; i < scene.count; ++i) {
        it.sprites.emplace_back(*it.textures[scene.texture[i]]);
    }
    it.target.setActive(true);
}

void draw(void *user, const sprites_scene *scene)
{
    state &it = *static_cast<state *>(user);
    it.target.clear(sf::Color(SPRITES_RED, SPRITES_GREEN, SPRITES_BLUE));
    for (int i = 0; i < scene->count; ++i) {
        sf::Sprite &sprite = it.sprites[static_cast<std::size_t>(i)];
        sprite.setPosition(scene->x[i], scene->y[i]);
        it.target.draw(sprite);
    }
    it.finish();
}

void show(void *user, const sprites_scene *scene)
{
    state &it = *static_cast<state *>(user);
    it.target.display();
    if (sprites_is_picture(scene)) {
        sprites_write(scene, it.target.getTexture().copyToImage().getPixelsPtr(), false);
        it.target.setActive(true);
    }
}

} // namespace

int main(int argc, char **argv)
{
    sprites_scene scene;
    sprites_open(&scene, argc, argv);
    {
        state it;
        open(it, scene);
        const std::string renderer = renderer_name();
        const sprites_contestant contestant = {&it, renderer.c_str(), draw, show};
        sprites_measure(&scene, &contestant);
    }
    sprites_close(&scene);
    return 0;
}
