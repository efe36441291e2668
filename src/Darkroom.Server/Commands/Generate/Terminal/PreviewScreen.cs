using System.Globalization;
using System.Text;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Server.Commands.Generate.Terminal;

/// <summary>
/// Lines of the terminal above the one that fills, in which previews are drawn, each over the one before; several pictures stand side by side, as many as
/// there is room for.
/// </summary>
internal sealed class PreviewScreen(TextWriter terminal, ITerminalPictures pictures, int width)
{
    // A character is about twice as high as it is wide.
    private const int MaxRows = 16, MaxColumns = 64;

    private (int Columns, int Rows)? size;

    /// <returns>Null where nobody watches, or where the terminal shows no pictures: then it says so.</returns>
    public static PreviewScreen? Of(IConsole console)
    {
        if (!console.IsInteractive) return null;
        if (TerminalKind.Of(console.Variable) is { } pictures) return new(console.Error, pictures, console.Width);
        console.Error.WriteLine("warning: --watch shows nothing: this terminal (TERM) has no colours.");
        return null;
    }

    /// <param name="index">Which of the job's pictures, from 0.</param>
    /// <param name="file">PNG. One that cannot be read is left out: the next one is on its way.</param>
    public void Show(int index, ReadOnlyMemory<byte> file)
    {
        if (!PictureDecoder.TryDecode(file, PictureLimits.Default, out var picture, out _)) return;
        var text = new StringBuilder();
        if (size is null)
        {
            size = SizeOf(picture);
            // The line that fills moves below the pictures.
            text.Append("\r\e[2K").Append('\n', size.Value.Rows);
        }
        var (columns, rows) = size.Value;
        var place = new PicturePlace(index, 1 + (index * (columns + 1)), columns, rows);
        if (place.Column + columns - 1 > width) return;
        // Save the cursor, go up, draw, and back.
        text.Append(CultureInfo.InvariantCulture, $"\e7\e[{rows}A");
        pictures.Draw(text, place, picture, file);
        text.Append("\e8");
        terminal.Write(text);
        terminal.Flush();
    }

    private (int Columns, int Rows) SizeOf(Picture picture)
    {
        double scale = Math.Min((double)Math.Clamp(width, 1, MaxColumns) / picture.Width, 2.0 * MaxRows / picture.Height);
        return (Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)Math.Ceiling(picture.Height * scale / 2)));
    }
}
