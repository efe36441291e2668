using System.Globalization;

namespace Darkroom.Server.Commands.Generate;

/// <summary>A line that fills; nothing where nobody watches.</summary>
internal sealed class ProgressBar(IConsole console)
{
    private const int Width = 30;

    private int written;

    /// <param name="position">Waiting jobs before this one.</param>
    /// <param name="eta">Seconds until it is done; null where no pace is known.</param>
    public void ShowQueued(int position, double? eta) =>
        Write(position == 0 ? $"next in the queue{Left(eta)}" : $"in the queue, {position} before it{Left(eta)}");

    /// <param name="share">0…1</param>
    /// <param name="eta">Seconds until it is done; null where no pace is known.</param>
    public void Show(int step, int steps, double share, double? eta)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * Width);
        Write($"[{new string('#', full)}{new string('.', Width - full)}] {step}/{steps}{Left(eta)}");
    }

    public void End()
    {
        if (written > 0) console.Error.WriteLine();
    }

    private void Write(string line)
    {
        if (!console.IsInteractive) return;
        // What stood there may have been longer.
        console.Error.Write("\r" + line.PadRight(written));
        written = line.Length;
    }

    private static string Left(double? eta) => eta switch
    {
        null => "",
        < 60 and var seconds => string.Create(CultureInfo.InvariantCulture, $", {Math.Max(1, Math.Ceiling(seconds)):0} s left"),
        { } seconds => string.Create(CultureInfo.InvariantCulture, $", {TimeSpan.FromSeconds(Math.Ceiling(seconds)):h\\:mm\\:ss} left"),
    };
}
