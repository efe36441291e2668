using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Models.Tests.Files.Safetensors;

/// <summary>A file with a header as the test writes it, in a folder of its own.</summary>
internal sealed class MadeUpFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-safetensors-").FullName;

    /// <param name="header">The JSON.</param>
    /// <param name="values">Bytes behind it.</param>
    /// <param name="stated">Length of the header that the file states; null: the true one.</param>
    public MadeUpFile(string header, int values, ulong? stated = null) : this(Encoding.UTF8.GetBytes(header), values, stated) { }

    public MadeUpFile(byte[] header, int values, ulong? stated = null)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, stated ?? (ulong)header.Length);
        File.WriteAllBytes(Path, [.. length, .. header, .. Enumerable.Range(0, values).Select(i => (byte)i)]);
    }

    public MadeUpFile(byte[] whole) => File.WriteAllBytes(Path, whole);

    public string Path => System.IO.Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
