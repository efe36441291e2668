using System.Text;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>The smallest ONNX files that a test needs, byte by byte.</summary>
internal static class OnnxBytes
{
    public static byte[] WithExternalData(string location, long offset, long length)
    {
        byte[] Entry(string key, string value) => Field(13, [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Encoding.UTF8.GetBytes(value))]);
        byte[] tensor = [0x08, 4, 0x10, 1, .. Field(8, "w"u8.ToArray()), .. Entry("location", location), .. Entry("offset", $"{offset}"),
            .. Entry("length", $"{length}"), 0x70, 1];
        return [0x08, 8, .. Field(2, "test"u8.ToArray()), .. Field(7, Field(5, tensor))];
    }

    private static byte[] Field(int number, byte[] content) => [.. Varint(number << 3 | 2), .. Varint(content.Length), .. content];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
