using System.Buffers.Binary;

namespace Darkroom.Models.Files.Safetensors;

/// <summary>
/// A safetensors file: 8 bytes with the header's length, the header in JSON, then the values. The header comes from anywhere, so it is checked as a whole
/// before a tensor of it can be had: every tensor lies inside the file, is as long as its type and shape say, and shares no byte with another.
/// </summary>
/// <remarks>Format: https://github.com/huggingface/safetensors, whose own reader refuses what is refused here.</remarks>
internal sealed class SafetensorsFile
{
    /// <summary>The limit of the format's own reader. Headers of real checkpoints are below 1 MB.</summary>
    private const long MaxHeaderBytes = 100_000_000;

    private const int LengthBytes = 8;

    private SafetensorsFile(string path, SafetensorsHeader header)
    {
        (Path, Metadata) = (path, header.Metadata);
        Tensors = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The file, links followed.</summary>
    public string Path { get; }

    /// <summary>What its writer noted: <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <exception cref="InvalidDataException">No such file, or not to be trusted; the message says which, to stand behind the file's name.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        path = RealPath.Of(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        return new(path, SafetensorsHeader.Parse(ReadHeader(stream, out long start), path, start, stream.Length));
    }

    /// <param name="start">Where the values begin.</param>
    private static byte[] ReadHeader(FileStream stream, out long start)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (stream.Length < LengthBytes) throw new InvalidDataException($"is {stream.Length} bytes long, too short for a safetensors file");
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            throw new InvalidDataException($"is no safetensors file: its header would be {length} bytes long, at most {MaxHeaderBytes} are read");
        start = LengthBytes + (long)length;
        if (start > stream.Length) throw new InvalidDataException($"is cut off: its header ends at byte {start} of {stream.Length}");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }
}
