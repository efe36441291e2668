using Spectre.Console;
using Spectre.Console.Rendering;

namespace Darkroom.Server.Commands.Top;

/// <summary>Draws frames: as text, or over each other in a terminal.</summary>
internal static class TopScreen
{
    private const string Begin = "\u001b[?1049h\u001b[?25l", End = "\u001b[?25h\u001b[?1049l", Home = "\u001b[H", Rest = "\u001b[K", Below = "\u001b[J";

    /// <summary>A frame in lines.</summary>
    /// <param name="frame">What to draw.</param>
    /// <param name="width">Letters of a line.</param>
    /// <param name="isColoured">Whether with the terminal's codes.</param>
    public static string[] Lines(IRenderable frame, int width, bool isColoured)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = isColoured ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isColoured ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        console.Write(frame);
        return [.. text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    /// <summary>Takes the terminal over, and gives it back as it was when it is disposed of.</summary>
    public static IDisposable Enter(TextWriter output)
    {
        output.Write(Begin);
        return new Taken(output);
    }

    /// <summary>Draws a frame over the one before: nothing is cleared first, so that nothing flickers.</summary>
    public static void Draw(TextWriter output, IRenderable frame, int width, int height)
    {
        var lines = Lines(frame, width, isColoured: true).Take(Math.Max(1, height));
        output.Write(Home + string.Concat(lines.Select(line => line + Rest + "\r\n")) + Below);
        output.Flush();
    }

    private sealed class Taken(TextWriter output) : IDisposable
    {
        public void Dispose()
        {
            output.Write(End);
            output.Flush();
        }
    }
}
