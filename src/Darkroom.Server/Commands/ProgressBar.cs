using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Commands;

/// <summary>A line that fills; nothing where nobody watches.</summary>
internal sealed class ProgressBar(IConsole console)
{
    private const int Width = 30;

    public void Show(JobProgress progress)
    {
        if (!console.IsInteractive) return;
        var full = (int)Math.Round(progress.Share * Width);
        console.Error.Write($"\r[{new string('#', full)}{new string('.', Width - full)}] {progress.Step}/{progress.Steps}");
    }

    public void End()
    {
        if (console.IsInteractive) console.Error.WriteLine();
    }
}
