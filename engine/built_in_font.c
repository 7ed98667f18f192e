/* The built-in font, as it looks: 95 letters of 5 x 8 pixels in cells of 6 x 8, of which the last row lies
 * below the baseline.
 *
 * A letter is drawn in any height by the area that its pixels cover of those on the screen: exactly at
 * multiples of 8, softly between. So it takes the same way as a letter with an outline from there on.
 */
#include "built_in_font.h"

#include <math.h>
#include <stdbool.h>

enum { LETTERS_IN_ROW = 16, LETTER_WIDTH = 5 };

/* In the order of ASCII, from the space on, sixteen side by side. */
static const char *const picture[(PXE_LETTERS + LETTERS_IN_ROW) / LETTERS_IN_ROW][PXE_CELL_HEIGHT] = {
    {
        "        #    # #   # #    #   ##     ##     #      #   #                                      # ",
        "        #    # #   # #   #### ##  # #  #    #     #     #     #     #                         # ",
        "        #    # #  ##### # #      #  #  #    #    #       #  # # #   #                        #  ",
        "        #          # #   ###    #    ##          #       #   ###  #####       ####          #   ",
        "                  #####   # #  #    # # #        #       #  # # #   #                      #    ",
        "                   # #  ####  #  ## #  #          #     #     #     #    ##          ##   #     ",
        "        #          # #    #      ##  ## #          #   #                 ##          ##   #     ",
        "                                                                        #                       ",
    },
    {
        " ###    #    ###   ###     #  #####   ##  #####  ###   ###                  #       #      ###  ",
        "#   #  ##   #   # #   #   ##  #      #        # #   # #   #  ##    ##      #         #    #   # ",
        "#  ##   #       #     #  # #  ####  #        #  #   # #   #  ##    ##     #   #####   #       # ",
        "# # #   #      #    ##  #  #      # ####     #   ###   ####              #             #     #  ",
        "##  #   #     #       # #####     # #   #   #   #   #     #               #   #####   #     #   ",
        "#   #   #    #    #   #    #  #   # #   #   #   #   #    #   ##    ##      #         #          ",
        " ###   ###  #####  ###     #   ###   ###    #    ###   ##    ##    ##       #       #       #   ",
        "                                                                  #                             ",
    },
    {
        " ###    #   ####   ###  ####  ##### #####  ###  #   #  ###    ### #   # #     #   # #   #  ###  ",
        "#   #  # #  #   # #   # #   # #     #     #   # #   #   #      #  #  #  #     ## ## ##  # #   # ",
        "# ### #   # #   # #     #   # #     #     #     #   #   #      #  # #   #     # # # ##  # #   # ",
        "# # # #   # ####  #     #   # ####  ####  # ### #####   #      #  ##    #     # # # # # # #   # ",
        "# ### ##### #   # #     #   # #     #     #   # #   #   #      #  # #   #     #   # #  ## #   # ",
        "#     #   # #   # #   # #   # #     #     #   # #   #   #   #  #  #  #  #     #   # #  ## #   # ",
        " ###  #   # ####   ###  ####  ##### #      #### #   #  ###   ##   #   # ##### #   # #   #  ###  ",
        "                                                                                                ",
    },
    {
        "####   ###  ####   #### ##### #   # #   # #   # #   # #   # #####  ###  #      ###    #         ",
        "#   # #   # #   # #       #   #   # #   # #   # #   # #   #     #  #    #        #   # #        ",
        "#   # #   # #   # #       #   #   # #   # #   #  # #   # #     #   #     #       #  #   #       ",
        "####  #   # ####   ###    #   #   # #   # # # #   #     #     #    #      #      #              ",
        "#     # # # # #       #   #   #   # #   # # # #  # #    #    #     #       #     #              ",
        "#     #  #  #  #      #   #   #   #  # #  ## ## #   #   #   #      #        #    #              ",
        "#      ## # #   # ####    #    ###    #   #   # #   #   #   #####  ###      #  ###              ",
        "                                                                                          ##### ",
    },
    {
        " #          #               #         ##        #       #      #  #      ##                     ",
        "  #         #               #        #          #                 #       #                     ",
        "       ###  ####   ####  ####  ###  ####   #### ####   ##     ##  #  #    #   ## #  ####   ###  ",
        "          # #   # #     #   # #   #  #    #   # #   #   #      #  # #     #   # # # #   # #   # ",
        "       #### #   # #     #   # #####  #    #   # #   #   #      #  ##      #   # # # #   # #   # ",
        "      #   # #   # #     #   # #      #     #### #   #   #      #  # #     #   # # # #   # #   # ",
        "       #### ####   ####  ####  ###   #        # #   #  ###  #  #  #  #   ###  # # # #   #  ###  ",
        "                                           ###               ##                                 ",
    },
    {
        "                         #                                           ##   #   ##                ",
        "                         #                                          #     #     #               ",
        "####   #### # ##   #### ####  #   # #   # #   # #   # #   # #####   #     #     #    #  #       ",
        "#   # #   # ##    #      #    #   # #   # # # #  # #  #   #    #   #      #      #  # # #       ",
        "#   # #   # #      ###   #    #   # #   # # # #   #   #   #   #     #     #     #   #  #        ",
        "####   #### #         #  #    #   #  # #  # # #  # #   ####  #      #     #     #               ",
        "#         # #     ####    ##   ####   #    # #  #   #     # #####    ##   #   ##                ",
        "#         #                                            ###                                      ",
    },
};

static bool is_set(uint32_t letter, int column, int row)
{
    const uint32_t at = letter % LETTERS_IN_ROW * PXE_CELL_WIDTH + (uint32_t)column;
    return picture[letter / LETTERS_IN_ROW][row][at] != ' ';
}

/* How much of the pixel from `at` to `at` + 1 a cell's n-th pixel covers, one way. */
static float overlap(int n, float px_per_pixel, int at)
{
    const float from = fmaxf((float)n * px_per_pixel, (float)at);
    const float to = fminf((float)(n + 1) * px_per_pixel, (float)(at + 1));
    return fmaxf(to - from, 0);
}

/* The pixel at x to the right of the pen and y below the baseline: the sum over the cell's pixels that touch
 * it. */
static unsigned char covered(uint32_t letter, float px_per_pixel, int x, int y)
{
    const int first_column = (int)floorf((float)x / px_per_pixel);
    const int first_row = (int)floorf((float)y / px_per_pixel);
    float sum = 0;
    for (int row = first_row; (float)row * px_per_pixel < (float)(y + 1); ++row) {
        for (int column = first_column; (float)column * px_per_pixel < (float)(x + 1); ++column) {
            const int cell_row = row + PXE_CELL_ASCENT;
            if (column >= 0 && column < LETTER_WIDTH && cell_row >= 0 && cell_row < PXE_CELL_HEIGHT &&
                is_set(letter, column, cell_row)) {
                sum += overlap(column, px_per_pixel, x) * overlap(row, px_per_pixel, y);
            }
        }
    }
    return (unsigned char)(fminf(sum, 1) * 255 + 0.5F);
}

pxe_drawn pxe_built_in_draw(uint32_t letter, int height_px, pxe_coverage *out)
{
    const float px_per_pixel = (float)height_px / PXE_CELL_HEIGHT;
    *out = (pxe_coverage){0};
    if (letter == 0) {
        return PXE_DRAWN; /* the space */
    }
    const int top = (int)floorf(-PXE_CELL_ASCENT * px_per_pixel);
    const int bottom = (int)ceilf((PXE_CELL_HEIGHT - PXE_CELL_ASCENT) * px_per_pixel);
    const pxe_drawn made = pxe_coverage_make(0, top, (int)ceilf(LETTER_WIDTH * px_per_pixel), bottom, out);
    for (int i = 0; made == PXE_DRAWN && i < out->width * out->height; ++i) {
        out->bytes[i] = covered(letter, px_per_pixel, out->x + i % out->width, out->y + i / out->width);
    }
    return made;
}

pxe_drawn pxe_box_draw(int height_px, pxe_coverage *out)
{
    const int thickness = (height_px + 15) / 16;
    const int side = (5 * height_px + 7) / 8;
    const pxe_drawn made = pxe_coverage_make(0, -side, side, 0, out);
    for (int i = 0; made == PXE_DRAWN && i < side * side; ++i) {
        const int x = i % side;
        const int y = i / side;
        if (x < thickness || y < thickness || x >= side - thickness || y >= side - thickness) {
            out->bytes[(y + 1) * out->width + x + 1] = 255;
        }
    }
    return made;
}
