using System.Buffers;
using System.Security.Cryptography;

namespace Darkroom.Server.Commands.Pull;

/// <summary>A file on its way: what has come lies beside its place as <c>NAME.part</c>, and another try goes on from there.</summary>
internal sealed class PartialFile : IDisposable
{
    public const string Ending = ".part";

    private readonly string path;
    private readonly long? bytes;
    private readonly Action<long> came;
    private readonly FileStream file;
    private long? expected;

    /// <param name="path">Where it is to be.</param>
    /// <param name="bytes">Its length, where that is known.</param>
    /// <param name="came">Told how many bytes more there are, below zero where some are thrown away.</param>
    public PartialFile(string path, long? bytes, Action<long> came)
    {
        (this.path, this.bytes, this.came, expected) = (path, bytes, came, bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        file = new FileStream(path + Ending, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (file.Length > bytes) file.SetLength(0); // of another file
        file.Position = file.Length;
        came(file.Length);
    }

    /// <summary>Bytes that are there.</summary>
    public long Length => file.Length;

    public bool IsWhole => bytes is { } all && Length == all;

    /// <summary>Throws away what is there.</summary>
    public void StartAgain()
    {
        came(-file.Length);
        file.SetLength(0);
        file.Position = 0;
    }

    /// <summary>Notes how long the server says that the file is.</summary>
    /// <exception cref="PullException">Its list of files says otherwise.</exception>
    public void Expect(long? length)
    {
        if (bytes is { } listed && length is { } other && listed != other)
            throw new PullException($"{Path.GetFileName(path)} is {other} bytes long where the list of files says {listed}.");
        expected = length ?? expected;
    }

    /// <summary>Takes what comes, to its end.</summary>
    /// <exception cref="PullException">More comes than the file is long.</exception>
    /// <exception cref="IOException">It ended too soon.</exception>
    public async Task TakeAsync(Stream body, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            for (int count; (count = await body.ReadAsync(buffer, cancellation)) > 0;)
            {
                if (file.Length + count > expected) throw new PullException($"{Path.GetFileName(path)}: more than its {expected} bytes came.");
                await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
                came(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (file.Length < expected) throw new IOException($"{Path.GetFileName(path)}: {file.Length} bytes of {expected} came.");
    }

    /// <summary>Checks what came, and forces it to the disk.</summary>
    /// <param name="sha256">Of the whole; null: nobody knows it.</param>
    /// <exception cref="PullException">It is something else; it is thrown away.</exception>
    public async Task CheckAsync(string? sha256, CancellationToken cancellation)
    {
        file.Flush(flushToDisk: true);
        if (sha256 is null) return;
        file.Position = 0;
        string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        if (found == sha256) return;
        StartAgain();
        throw new PullException($"{Path.GetFileName(path)} is not what was promised: its SHA-256 is {found}, not {sha256}. It was thrown away.");
    }

    public void Dispose() => file.Dispose();
}
