using System.Text;

namespace Darkroom.Models.Files;

/// <summary>What a look at a file from outside tells: whether it can be the file it should be at all.</summary>
internal static class FileFault
{
    // Git LFS leaves a text of three short lines in place of a file that was not fetched.
    private const string PointerStart = "version https://git-lfs.github.com/spec/";
    private const int PointerLength = 1024;

    /// <summary>Why the file cannot be used, in plain words; null where nothing speaks against it.</summary>
    public static string? Of(string path)
    {
        try
        {
            return Look(new FileInfo(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "cannot be read: " + PlainReason(error);
        }
    }

    /// <summary>The system's reason without the machine's own paths.</summary>
    public static string PlainReason(Exception error) => error switch
    {
        UnauthorizedAccessException => "access is denied",
        FileNotFoundException or DirectoryNotFoundException => "the file is gone",
        EndOfStreamException => "the file ends too soon",
        OutOfMemoryException => "there is not enough memory",
        IOException { Message: var text } when text.Contains("Too many open files", StringComparison.OrdinalIgnoreCase) => "too many files are open",
        _ => "the disk reports an error",
    };

    /// <summary>The length of the file, or of the file that a link leads to.</summary>
    public static long LengthOf(FileInfo file) => new FileInfo(RealPath.Of(file.FullName)).Length;

    private static string? Look(FileInfo file)
    {
        if (!file.Exists && Directory.Exists(file.FullName)) return "is a folder, not a file";
        if (file.LinkTarget is not null && new FileInfo(RealPath.Of(file.FullName)) is var real
            && (!real.Exists || real.LinkTarget is not null)) return "is a link to nothing";
        if (!file.Exists) return "the file is missing";
        long length = LengthOf(file);
        if (length == 0) return "the file is empty";
        if (length <= PointerLength && StartsWithPointer(file.FullName))
            return "is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'";
        return null;
    }

    private static bool StartsWithPointer(string path)
    {
        Span<byte> start = stackalloc byte[PointerStart.Length];
        using var stream = File.OpenRead(path);
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read].SequenceEqual(Encoding.ASCII.GetBytes(PointerStart));
    }
}
