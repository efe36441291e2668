using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Darkroom.Client;

/// <summary>
/// A picture to send: PNG, JPEG, WebP, or npy of values without colours. It is read when it is sent, piece by piece, so that a file is never in memory as
/// a whole, and again where a request is sent again.
/// </summary>
public sealed class PictureSource
{
    private const int PieceBytes = 64 * 1024;

    private readonly Func<CancellationToken, ValueTask<Stream>> open;
    private readonly bool closes;

    private PictureSource(Func<CancellationToken, ValueTask<Stream>> open, string name, bool closes, bool canRepeat, Func<long?> length)
    {
        (this.open, Name, this.closes, CanRepeat, LengthNow) = (open, name, closes, canRepeat, length);
    }

    /// <summary>What the file is called in the form.</summary>
    internal string Name { get; }

    /// <summary>Whether it can be read a second time.</summary>
    internal bool CanRepeat { get; }

    /// <summary>Bytes; null where that is not known before it was read.</summary>
    internal Func<long?> LengthNow { get; }

    /// <summary>A picture in memory; it is not copied.</summary>
    /// <param name="bytes">The file, which must not change until the request was answered.</param>
    public static PictureSource FromBytes(ReadOnlyMemory<byte> bytes) =>
        new(_ => new(new MemoryPicture(bytes)), "image", closes: true, canRepeat: true, () => bytes.Length);

    /// <summary>A file, opened when it is sent.</summary>
    /// <param name="path">Where it is.</param>
    public static PictureSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(
            _ => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, PieceBytes, FileOptions.Asynchronous | FileOptions.SequentialScan)),
            Path.GetFileName(path), closes: true, canRepeat: true, () => File.Exists(path) ? new FileInfo(path).Length : null);
    }

    /// <summary>
    /// A stream, from where it stands. One that cannot seek is sent once: such a request is not retried. The stream is left open, and is the caller's to close.
    /// </summary>
    public static PictureSource FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) return new(_ => new(stream), "image", closes: false, canRepeat: false, () => null);
        long start = stream.Position;
        return new(_ =>
        {
            stream.Position = start;
            return new(stream);
        }, "image", closes: false, canRepeat: true, () => stream.Length - start);
    }

    /// <summary>Whatever gives a stream, each time that the picture is sent. The stream is closed after it.</summary>
    public static PictureSource From(Func<CancellationToken, ValueTask<Stream>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new(open, "image", closes: true, canRepeat: true, () => null);
    }

    /// <summary>A picture in memory.</summary>
    public static implicit operator PictureSource(byte[] bytes) => FromBytes(bytes);

    internal async Task CopyToAsync(Stream output, CancellationToken cancellation)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        Stream? stream = null;
        try
        {
            stream = await Reading(OpenAsync(cancellation)).ConfigureAwait(false);
            while (await Reading(stream.ReadAsync(piece, cancellation)).ConfigureAwait(false) is > 0 and var count)
                await output.WriteAsync(piece.AsMemory(0, count), cancellation).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            if (closes && stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal async ValueTask<byte[]> ReadAsync(CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        try
        {
            await CopyToAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (UnreadablePictureException unreadable)
        {
            ExceptionDispatchInfo.Throw(unreadable.InnerException!);
        }
        return bytes.ToArray();
    }

    // What fails before it has a task fails within this one.
    private async ValueTask<Stream> OpenAsync(CancellationToken cancellation) => await open(cancellation).ConfigureAwait(false);

    private static async ValueTask<T> Reading<T>(ValueTask<T> read)
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new UnreadablePictureException(fault);
        }
    }

    /// <summary>Memory as a stream, without a copy of it.</summary>
    private sealed class MemoryPicture(ReadOnlyMemory<byte> bytes) : Stream
    {
        private int at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => bytes.Length;

        public override long Position
        {
            get => at;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, bytes.Length - at);
            bytes.Span.Slice(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>A picture could not be read. It says so apart from faults of the connection: HttpClient would take the one for the other.</summary>
internal sealed class UnreadablePictureException(Exception fault) : Exception(fault.Message, fault);
