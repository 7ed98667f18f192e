#version 330 core
// One instance a sprite; the four corners come from gl_VertexID. The engine defines UNITS, how many images a
// draw call has, and where it needs them CLAMPED, SOLID, TINTED; for an effect these three and EFFECT.
//
// Unit and kind go in one vector with the texture coordinates, and nothing is corrected for perspective: each
// further vector takes llvmpipe 5 to 10 % of the render thread's time, the correction 5 %.

layout(location = 0) in vec4 edges;  // world vectors along the upper and the left edge
layout(location = 1) in vec2 corner; // world position of the top left corner
layout(location = 2) in vec4 source; // u0 v0 u1 v1 at the top left and the bottom right corner
layout(location = 3) in vec4 tint;   // straight alpha
layout(location = 4) in vec2 kind;   // unit; 1 = solid, 0 = a whole image, -1 = a part of one

uniform vec4 pxe_view; // world to clip space: the vectors that x and y become,
uniform vec2 pxe_shift; // and where the world's corner lies

noperspective out vec4 pxe_place; // texture coordinates, unit, kind
#ifdef TINTED
flat out vec4 pxe_tint; // premultiplied
#endif
#ifdef CLAMPED
uniform vec2 pxe_half_texels[UNITS];
flat out vec4 pxe_bounds; // what of the texture may be seen
#endif
#ifdef EFFECT
flat out vec4 pxe_source;
#endif

void main()
{
    vec2 at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 world = corner + at.x * edges.xy + at.y * edges.zw;
    gl_Position = vec4(world.x * pxe_view.xy + world.y * pxe_view.zw + pxe_shift, 0.0, 1.0);
    pxe_place = vec4(mix(source.xy, source.zw, at), kind);
#ifdef TINTED
    pxe_tint = vec4(tint.rgb * tint.a, tint.a); // the texture's alpha is premultiplied, so the tint's must be
#endif
#ifdef CLAMPED
    vec2 inset = kind.y < 0.0 ? pxe_half_texels[int(kind.x)] : vec2(0.0);
    pxe_bounds = vec4(min(source.xy, source.zw) + inset, max(source.xy, source.zw) - inset);
#endif
#ifdef EFFECT
    pxe_source = source;
#endif
}
