using System.Text;
using Darkroom.Imaging;

namespace Darkroom.Server.Commands.Generate.Terminal;

/// <summary>A terminal's way to show a picture.</summary>
internal interface ITerminalPictures
{
    /// <summary>Draws a picture from where the cursor's line is downwards. Where the cursor is after it does not matter.</summary>
    /// <param name="to">What the terminal gets.</param>
    /// <param name="place">Where it is drawn.</param>
    /// <param name="picture">Its pixels.</param>
    /// <param name="file">The same as a PNG file.</param>
    void Draw(StringBuilder to, PicturePlace place, Picture picture, ReadOnlyMemory<byte> file);
}

/// <summary>Where a picture is drawn.</summary>
/// <param name="Index">Which of the pictures, from 0: it replaces the one that was drawn before.</param>
/// <param name="Column">Its left edge, from 1.</param>
/// <param name="Columns">Characters across.</param>
/// <param name="Rows">Lines down.</param>
internal readonly record struct PicturePlace(int Index, int Column, int Columns, int Rows);
