#version 330 core
// One instance a sprite; the four corners come from gl_VertexID.

layout(location = 0) in vec4 place;     // world x, y of the origin; width, height
layout(location = 1) in vec3 turn;      // origin x, y from the top left corner; rotation in radians, clockwise
layout(location = 2) in vec4 source;    // u0 v0 u1 v1 at the top left and bottom right corner
layout(location = 3) in vec4 tint;      // straight alpha

uniform mat4 world_to_clip;

out vec2 uv;
out vec4 factor;

void main()
{
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 arm = corner * place.zw - turn.xy;
    float c = cos(turn.z);
    float s = sin(turn.z);
    vec2 world = place.xy + vec2(c * arm.x - s * arm.y, s * arm.x + c * arm.y);
    uv = mix(source.xy, source.zw, corner);
    factor = vec4(tint.rgb * tint.a, tint.a); // the texture's alpha is premultiplied, so the tint's must be
    gl_Position = world_to_clip * vec4(world, 0.0, 1.0);
}
