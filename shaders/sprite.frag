#version 330 core
// The image's texel times the tint, or an effect's function. See sprite.vert for what is defined; DYNAMIC = an
// array of images may be indexed by what differs from sprite to sprite.

uniform sampler2D pxe_images[UNITS]; // alpha premultiplied

noperspective in vec4 pxe_place;
#ifdef TINTED
flat in vec4 pxe_tint;
#endif
#ifdef CLAMPED
flat in vec4 pxe_bounds;
#endif
#ifdef EFFECT
flat in vec4 pxe_source;
#endif
out vec4 pxe_color;

// Parts of images are seen in mip level 0 alone: in smaller ones their neighbours are mixed in.
#ifdef CLAMPED
#define BIAS , min(pxe_place.w, 0.0) * 14.0
#define SHARPEN *(1.0 + min(pxe_place.w, 0.0))
#else
#define BIAS
#define SHARPEN
#endif

vec4 pxe_fetch(vec2 at)
{
#if UNITS == 1
    return texture(pxe_images[0], at BIAS);
#elif defined(DYNAMIC)
    return texture(pxe_images[int(pxe_place.z + 0.5)], at BIAS);
#else
    vec2 dx = dFdx(at) SHARPEN; // here, because neighbouring pixels may take different ways below
    vec2 dy = dFdy(at) SHARPEN;
#define UNIT(i) \
    case i: \
        return textureGrad(pxe_images[i], at, dx, dy);
    switch (int(pxe_place.z + 0.5)) {
        UNIT(1)
#if UNITS > 2
        UNIT(2)
        UNIT(3)
#endif
#if UNITS > 4
        UNIT(4)
        UNIT(5)
        UNIT(6)
        UNIT(7)
#endif
#if UNITS > 8
        UNIT(8)
        UNIT(9)
        UNIT(10)
        UNIT(11)
        UNIT(12)
        UNIT(13)
        UNIT(14)
        UNIT(15)
#endif
    }
    return textureGrad(pxe_images[0], at, dx, dy);
#endif
}

vec4 texel(vec2 uv)
{
#ifdef CLAMPED
    uv = clamp(uv, pxe_bounds.xy, pxe_bounds.zw);
#endif
#ifdef SOLID
    return max(pxe_fetch(uv), vec4(pxe_place.w));
#else
    return pxe_fetch(uv);
#endif
}

#ifdef EFFECT
vec2 source_uv(vec2 uv)
{
    return (uv - pxe_source.xy) / (pxe_source.zw - pxe_source.xy);
}

vec4 effect(vec2 uv, vec4 tint);

void main()
{
    pxe_color = effect(pxe_place.xy, pxe_tint);
}
#elif defined(TINTED)
void main()
{
    pxe_color = texel(pxe_place.xy) * pxe_tint;
}
#else
void main()
{
    pxe_color = texel(pxe_place.xy);
}
#endif
