using System.Globalization;

namespace Darkroom.Models.Residency;

/// <summary>The memory limit of the control groups (Linux) that the process is in, versions 1 and 2.</summary>
internal static class ControlGroup
{
    /// <summary>The smallest limit from the process's own group up to the root; <see cref="long.MaxValue"/> where there is none.</summary>
    /// <param name="root">Of the file system; another one in tests.</param>
    public static long LimitBytes(string root = "/")
    {
        try
        {
            string own = Path.Combine(root, "proc", "self", "cgroup");
            return File.Exists(own) ? File.ReadLines(own).Select(line => OfLine(root, line)).Append(long.MaxValue).Min() : long.MaxValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>A line is <c>number:controllers:path</c>; version 2 has the number 0 and no controllers.</summary>
    private static long OfLine(string root, string line)
    {
        string[] fields = line.Split(':', 3);
        if (fields.Length < 3) return long.MaxValue;
        string mount = Path.Combine(root, "sys", "fs", "cgroup");
        if (fields is ["0", "", var path]) return Min(mount, path, "memory.max");
        return fields[1].Split(',').Contains("memory") ? Min(Path.Combine(mount, "memory"), fields[2], "memory.limit_in_bytes") : long.MaxValue;
    }

    /// <summary>In a container the path may be the host's and not be there: the mounted root is then the container's own group.</summary>
    private static long Min(string mount, string path, string file)
    {
        long min = Read(Path.Combine(mount, file));
        string[] steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int depth = 1; depth <= steps.Length; depth++)
            min = Math.Min(min, Read(Path.Combine([mount, .. steps[..depth], file])));
        return min;
    }

    /// <summary>Version 2 says <c>max</c> for none.</summary>
    private static long Read(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out long bytes) && bytes > 0 ? bytes : long.MaxValue;
}
