using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Files;

/// <summary>
/// Ids of the newest pictures that went, one a line, so that their addresses say after a restart too that they are no longer kept. It is a service and not a
/// record: it is not flushed, and where it cannot be written only this process remembers. What another process of the same folder appended is read when
/// the file's length shows it.
/// </summary>
internal sealed class GoneFile
{
    private const int LineBytes = 33;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly int max;
    private GoneMarks marks;
    private long read; // bytes of the file that the marks know

    public GoneFile(string path, int max = 10_000)
    {
        (this.path, this.max, marks) = (path, max, new(max));
        lock (gate) Read();
    }

    public void Add(string id)
    {
        lock (gate)
        {
            if (!marks.Add(id)) return;
            TryWrite(() =>
            {
                File.AppendAllText(path, id + "\n");
                read += LineBytes;
                if (read < 2L * max * LineBytes) return;
                File.WriteAllLines(path + ".new", marks.All());
                File.Move(path + ".new", path, overwrite: true);
                read = new FileInfo(path).Length;
            });
        }
    }

    public bool Contains(string id)
    {
        lock (gate)
        {
            if (marks.Contains(id)) return true;
            if (new FileInfo(path) is not { Exists: true } file || file.Length == read) return false;
            Read();
            return marks.Contains(id);
        }
    }

    private void Read() => TryWrite(() =>
    {
        if (!File.Exists(path)) return;
        var known = marks;
        marks = new(max);
        foreach (string line in File.ReadLines(path))
            if (StoredId.IsOne(line)) marks.Add(line);
        foreach (string id in known.All()) marks.Add(id);
        read = new FileInfo(path).Length;
    });

    private static void TryWrite(Action action)
    {
        try
        {
            action();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }
    }
}
