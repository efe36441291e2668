using System.Diagnostics;
using System.Globalization;

namespace Darkroom.TestKit;

/// <summary>A control group (Linux, version 1 or 2) with a limit of memory, for a process to be started in; removed at the end.</summary>
public sealed class MemoryGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup", First = Root + "/memory";

    private readonly string folder;
    private readonly bool isFirst;

    private MemoryGroup(string folder, bool isFirst) => (this.folder, this.isFirst) = (folder, isFirst);

    /// <summary>The most that its processes had, files of the system's cache included.</summary>
    public long PeakBytes => Read(isFirst ? "memory.max_usage_in_bytes" : "memory.peak");

    /// <summary>Processes that the kernel killed for memory.</summary>
    public long Kills => File.ReadLines(Path.Combine(folder, isFirst ? "memory.oom_control" : "memory.events"))
        .Select(line => line.Split(' ')).Where(line => line[0] == "oom_kill")
        .Select(line => long.Parse(line[1], CultureInfo.InvariantCulture)).FirstOrDefault();

    /// <summary>A new group; null where none can be made here.</summary>
    public static MemoryGroup? TryCreate(long limitBytes)
    {
        bool isFirst = Directory.Exists(First);
        string folder = Path.Combine(isFirst ? First : Root, $"darkroom-{Environment.ProcessId}-{limitBytes}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), limitBytes.ToString(CultureInfo.InvariantCulture));
            return new MemoryGroup(folder, isFirst);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder);
            return null;
        }
    }

    /// <summary>Has a start of a program join the group before the program begins.</summary>
    public ProcessStartInfo Enter(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        string[] own = [start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        foreach (string argument in (string[])["-c", $"echo $$ > {folder}/cgroup.procs && exec \"$@\"", "sh", .. own]) start.ArgumentList.Add(argument);
        return start;
    }

    public void Dispose() => Directory.Delete(folder);

    private long Read(string file) => long.Parse(File.ReadAllText(Path.Combine(folder, file)), CultureInfo.InvariantCulture);
}
