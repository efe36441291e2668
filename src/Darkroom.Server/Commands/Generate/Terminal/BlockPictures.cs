using System.Globalization;
using System.Text;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;

namespace Darkroom.Server.Commands.Generate.Terminal;

/// <summary>Upper half blocks: a character is two pixels, one in the colour of the letter and one in that of the ground.</summary>
/// <param name="isTrueColour">Whether the terminal has 24-bit colours; else 256 of them are taken.</param>
internal sealed class BlockPictures(bool isTrueColour) : ITerminalPictures
{
    public void Draw(StringBuilder to, PicturePlace place, Picture picture, ReadOnlyMemory<byte> file)
    {
        var pixels = Resampler.Resize(picture.Flatten(255, 255, 255), place.Columns, place.Rows * 2);
        for (int row = 0; row < place.Rows; row++)
        {
            to.Append(CultureInfo.InvariantCulture, $"\e[{place.Column}G");
            var upper = pixels.Row(2 * row);
            var lower = pixels.Row(2 * row + 1);
            for (int x = 0; x < place.Columns; x++)
            {
                to.Append("\e[38;");
                Colour(to, upper.Slice(3 * x, 3));
                to.Append(";48;");
                Colour(to, lower.Slice(3 * x, 3));
                to.Append("m▀");
            }
            to.Append("\e[0m\e[1B");
        }
    }

    private void Colour(StringBuilder to, ReadOnlySpan<byte> rgb)
    {
        if (isTrueColour) to.Append(CultureInfo.InvariantCulture, $"2;{rgb[0]};{rgb[1]};{rgb[2]}");
        // The cube of 6 x 6 x 6 colours begins at 16.
        else to.Append(CultureInfo.InvariantCulture, $"5;{16 + 36 * Level(rgb[0]) + 6 * Level(rgb[1]) + Level(rgb[2])}");
    }

    // The cube's levels are 0, 95, 135, 175, 215 and 255.
    private static int Level(byte value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
}
