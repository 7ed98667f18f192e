#version 330 core

uniform sampler2D image; // alpha premultiplied

in vec2 uv;
in vec4 factor;
out vec4 color;

void main()
{
    color = texture(image, uv) * factor;
}
