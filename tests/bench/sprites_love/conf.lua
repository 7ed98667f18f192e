-- Nothing but what draws; no waiting for the display.
function love.conf(t)
    t.window.title = "sprites"
    t.window.width = 1280
    t.window.height = 720
    t.window.vsync = 0
    for _, unused in ipairs({ "audio", "joystick", "physics", "sound", "touch", "video" }) do
        t.modules[unused] = false
    end
end
