using System.Globalization;

namespace Darkroom.Server.Commands.Pull;

/// <summary>A line that fills while a person watches; else a line for each file.</summary>
internal sealed class PullReport(IConsole console, TimeProvider time)
{
    private const int Width = 30;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly long began = time.GetTimestamp();
    private long all, come, fetched, shown;
    private string name = "";

    public void Begin(long bytes) => all = bytes;

    public void Of(string file)
    {
        name = file;
        if (!console.IsInteractive) console.Error.WriteLine(file);
    }

    public void Came(long bytes)
    {
        come += bytes;
        if (bytes > 0) fetched += bytes;
        if (!console.IsInteractive || time.GetElapsedTime(shown) < Between) return;
        shown = time.GetTimestamp();
        Show();
    }

    public void End()
    {
        if (!console.IsInteractive) return;
        Show();
        console.Error.WriteLine();
    }

    private void Show()
    {
        double share = all > 0 ? Math.Min(1, (double)come / all) : 0;
        int full = (int)(share * Width);
        double perSecond = fetched / Math.Max(0.1, time.GetElapsedTime(began).TotalSeconds);
        console.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r[{new string('#', full)}{new string('.', Width - full)}] {share:P0} of {Size.Of(all)}, {Size.Of((long)perSecond)}/s  {Short(name)}\u001b[K"));
    }

    private static string Short(string text) => text.Length <= 40 ? text : "…" + text[^39..];
}

/// <summary>Bytes as people read them.</summary>
internal static class Size
{
    public static string Of(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:F1} GiB"),
    };
}
