using Darkroom.Server.Logging;

namespace Darkroom.Server.Automatic1111.Styles;

/// <summary>The styles as they are.</summary>
/// <param name="Fault">What is wrong with the file as it is now, as a sentence that callers may read; null: nothing.</param>
internal sealed record StyleList(IReadOnlyList<PromptStyle> All, string? Fault)
{
    public static readonly StyleList None = new([], null);

    private readonly Dictionary<string, PromptStyle> byName = All.ToDictionary(style => style.Name, StringComparer.Ordinal);

    public PromptStyle? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>
/// The styles of a file, which is read again when it has changed. While it cannot be read, those that were read last stay in use. Any thread may ask.
/// </summary>
/// <param name="path">Absolute.</param>
/// <param name="isNamed">Whether the settings name the file: then it has to be there.</param>
internal sealed class StyleBook(string path, bool isNamed, ILogger<StyleBook> logger)
{
    private readonly Lock gate = new();
    private StyleList last = StyleList.None;
    private (DateTime Written, long Length)? seen;

    /// <summary>Looks at the file, which costs no reading while it stays as it was.</summary>
    public StyleList Current()
    {
        lock (gate)
        {
            string? fault = null;
            try
            {
                Look();
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                seen = null;
                if (!isNamed) last = StyleList.None;
                else fault = "is not there";
            }
            catch (InvalidDataException error)
            {
                fault = error.Message;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                seen = null; // it is the same file when it can be read again
                fault = "cannot be read";
            }
            if (fault is not null) Tell($"{Path.GetFileName(path)} {fault}.");
            return last;
        }
    }

    private void Look()
    {
        // By the open file: a link may lead to another one than before.
        using var file = File.OpenHandle(path);
        var stamp = (File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        if (stamp == seen) return;
        seen = stamp;
        if (stamp.Item2 > StyleFile.MaxBytes) throw new InvalidDataException($"has {stamp.Item2} bytes, and at most {StyleFile.MaxBytes} are read");
        byte[] bytes = new byte[stamp.Item2];
        int read = RandomAccess.Read(file, bytes, 0);
        last = new(StyleFile.Read(bytes.AsSpan(0, read)), null);
        ServerEvents.StylesRead(logger, last.All.Count, path);
    }

    private void Tell(string fault)
    {
        if (last.Fault == fault) return;
        last = last with { Fault = fault };
        ServerEvents.StylesUnread(logger, path, fault);
    }
}
