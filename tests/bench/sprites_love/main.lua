-- LÖVE in the benchmark of sprites: love.graphics.draw for each sprite, which it batches by itself.
--
--   love sprites_love SPRITES TEXTURES FRAMES [PICTURE.ppm]
--
-- The scene, the two clocks and what lies between them are those of sprites_scene.c, said once more in Lua.
local bit = require("bit")
local ffi = require("ffi")

local WIDTH, HEIGHT, SIDE = 1280, 720, 16
local WARM_UP_FRAMES = 2
local CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID = 1, 3 -- Linux's

ffi.cdef([[
    struct pxc_bench_time { long seconds, nanoseconds; };
    int clock_gettime(int clock, struct pxc_bench_time *now);
    void *SDL_GL_GetProcAddress(const char *name);
]])

local now = ffi.new("struct pxc_bench_time")

local function clock_ms(clock)
    ffi.C.clock_gettime(clock, now)
    return tonumber(now.seconds) * 1e3 + tonumber(now.nanoseconds) / 1e6
end

-- xorshift32; bit's numbers have a sign.
local state = 2463534242

local function next_random()
    state = bit.bxor(state, bit.lshift(state, 13))
    state = bit.bxor(state, bit.rshift(state, 17))
    state = bit.bxor(state, bit.lshift(state, 5))
    return state % 4294967296
end

local function paint(texture)
    local colors = (texture * 1597 + 2748) % 4096
    local data = love.image.newImageData(SIDE, SIDE)
    data:mapPixel(function(x, y)
        local right, down = x * 2 - (SIDE - 1), y * 2 - (SIDE - 1)
        local far = right * right + down * down
        local quadrant = (right > 0 and 1 or 0) + (down > 0 and 2 or 0)
        local of_quadrant = bit.rshift(colors, quadrant * 3)
        local alpha = far >= 255 and 0 or 255 - far
        return bit.band(of_quadrant, 1), bit.band(of_quadrant, 2) / 2, bit.band(of_quadrant, 4) / 4, alpha / 255
    end)
    local image = love.graphics.newImage(data)
    image:setFilter("linear", "linear")
    return image
end

local function open_scene(count, textures)
    local scene = { count = count, x = {}, y = {}, start_x = {}, start_y = {}, image = {} }
    local images = {}
    for i = 0, textures - 1 do
        images[i] = paint(i)
    end
    for i = 1, count do
        scene.start_x[i] = next_random() % (WIDTH - SIDE)
        scene.start_y[i] = next_random() % (HEIGHT - SIDE)
        scene.image[i] = images[(i - 1) % textures]
    end
    return scene
end

local function move(scene, frame)
    for i = 1, scene.count do
        scene.x[i] = (scene.start_x[i] + frame * (1 + (i - 1) % 3)) % (WIDTH - SIDE)
        scene.y[i] = (scene.start_y[i] + frame * (1 + (i - 1) % 2)) % (HEIGHT - SIDE)
    end
end

local function draw(scene, finish)
    local draw_image, image, x, y = love.graphics.draw, scene.image, scene.x, scene.y
    love.graphics.clear(16 / 255, 20 / 255, 24 / 255)
    for i = 1, scene.count do
        draw_image(image[i], x[i], y[i])
    end
    love.graphics.flushBatch()
    finish()
end

local function write_picture(path)
    love.graphics.captureScreenshot(function(picture)
        local rgba = picture:getString()
        local rows = { ("P6 %d %d 255\n"):format(WIDTH, HEIGHT) }
        for pixel = 1, #rgba, 4 do
            rows[#rows + 1] = rgba:sub(pixel, pixel + 2)
        end
        local file = assert(io.open(path, "wb"))
        assert(file:write(table.concat(rows)))
        assert(file:close())
    end)
end

local function median(values)
    table.sort(values)
    local half = math.floor(#values / 2)
    return #values % 2 == 1 and values[half + 1] or (values[half] + values[half + 1]) / 2
end

local function measure(scene, frames, picture)
    local finish = ffi.cast("void (*)(void)", ffi.C.SDL_GL_GetProcAddress("glFinish"))
    local wall_ms, cpu_ms = {}, {}
    for frame = 0, WARM_UP_FRAMES + frames - 1 do
        move(scene, frame)
        local start_ms, start_cpu_ms = clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_THREAD_CPUTIME_ID)
        draw(scene, finish)
        local end_cpu_ms, end_ms = clock_ms(CLOCK_THREAD_CPUTIME_ID), clock_ms(CLOCK_MONOTONIC)
        if frame >= WARM_UP_FRAMES then
            wall_ms[#wall_ms + 1], cpu_ms[#cpu_ms + 1] = end_ms - start_ms, end_cpu_ms - start_cpu_ms
        end
        if picture and frame == WARM_UP_FRAMES + frames - 1 then
            write_picture(picture)
        end
        love.graphics.present()
    end
    local _, _, _, renderer = love.graphics.getRendererInfo()
    print(("wall_ms %.4f\ncpu_ms %.4f\nrenderer %s"):format(median(wall_ms), median(cpu_ms), renderer))
end

function love.run()
    local count, textures, frames = tonumber(arg[2]), tonumber(arg[3]), tonumber(arg[4])
    if not (count and textures and frames) then
        io.stderr:write("usage: love sprites_love SPRITES TEXTURES FRAMES [PICTURE.ppm]\n")
        return function()
            return 2
        end
    end
    measure(open_scene(count, textures), frames, arg[5])
    return function()
        return 0
    end
end

-- LÖVE's own would show the error in a window and wait for a key.
function love.errorhandler(message)
    io.stderr:write("sprites_love: ", tostring(message), "\n")
    os.exit(1)
end
