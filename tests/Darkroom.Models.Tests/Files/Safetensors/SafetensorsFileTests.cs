using System.Text;
using Darkroom.Models.Files.Safetensors;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Files.Safetensors;

/// <summary>Headers as they are, and as somebody might make them up.</summary>
public sealed class SafetensorsFileTests
{
    private const string Four = """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

    [Fact]
    public void Tensors_are_found_where_they_lie()
    {
        using var made = new MadeUpFile(
            """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[3,2],"data_offsets":[4,16]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
             "none":{"dtype":"I64","shape":[0,7],"data_offsets":[16,16]}}   
            """, 16);
        var file = SafetensorsFile.Read(made.Path);
        long start = new FileInfo(made.Path).Length - 16;
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["a", "b", "none"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((start, 4, 1), (file.Tensors["a"].Offset, file.Tensors["a"].Bytes, file.Tensors["a"].Count));
        var b = file.Tensors["b"];
        Assert.Equal((start + 4, 12, StoredType.BF16), (b.Offset, b.Bytes, b.Type));
        Assert.True(b.HasShape(3, 2));
        Assert.Equal(0, file.Tensors["none"].Bytes);
    }

    [Fact]
    public void Rows_are_the_same_bytes_further_on()
    {
        var whole = new StoredTensor("file", "qkv", StoredType.F16, [12, 5], 100);
        var second = whole.Rows(4, 4);
        Assert.Equal((100 + 4 * 5 * 2, 4 * 5 * 2, 4), (second.Offset, second.Bytes, second.FirstRow));
        Assert.True(second.HasShape(4, 5));
        Assert.Equal(6, second.Rows(2, 1).FirstRow);
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Rows(9, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Rows(long.MaxValue, 1));
        Assert.True(whole.Transpose().HasShape(5, 12));
        Assert.Throws<InvalidOperationException>(() => whole.Transpose().Rows(0, 1));
        Assert.True(whole.Reshape(12, 5, 1, 1).HasShape(12, 5, 1, 1));
        Assert.Throws<ArgumentException>(() => whole.Reshape(12, 4));
    }

    [Theory]
    [InlineData("", 0, null, "is no safetensors file: its header is not the JSON it should be")]
    [InlineData("[]", 0, null, "is no safetensors file: its header is not the JSON it should be")]
    [InlineData("{", 0, null, "is no safetensors file: its header is not the JSON it should be")]
    [InlineData("{} {}", 0, null, "is no safetensors file: its header is not the JSON it should be")]
    [InlineData("""{"w":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", 4, null, "is no safetensors file: its header is not the JSON it should be")]
    [InlineData("""{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, null, "is no safetensors file: its header has a value of the wrong kind")]
    [InlineData("""{"\ud800":{}}""", 0, null, "is no safetensors file: its header has a value of the wrong kind")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, null, "is no safetensors file: its header is not the JSON it should be")]
    [InlineData(Four, 4, 1UL << 40, "is no safetensors file: its header would be 1099511627776 bytes long, at most 100000000 are read")]
    [InlineData(Four, 4, ulong.MaxValue, "is no safetensors file: its header would be 18446744073709551615 bytes long, at most 100000000 are read")]
    [InlineData(Four, 4, 5000UL, "is cut off: its header ends at byte 5008 of 66")]
    [InlineData(Four, 3, null, "is cut off: 3 bytes of values are there, but tensor 'w' ends at 4")]
    [InlineData(Four, 6, null, "is no safetensors file: its last 2 bytes belong to no tensor")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""", 4, null,
        "is no safetensors file: tensor 'w' has not all of dtype, shape and data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, null, "is no safetensors file: tensor 'w' has its dtype twice")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, null,
        "is no safetensors file: tensor 'w' has a field 'x', which the format does not know")]
    [InlineData("""{"w":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}""", 4, null, "is no safetensors file: tensor 'w' is of type 'Q4', which is unknown")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, null,
        "is no safetensors file: tensor 'w' has a side or an offset that is no whole number from 0 on")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, null,
        "is no safetensors file: tensor 'w' has a side or an offset that is no whole number from 0 on")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 4, null,
        "is no safetensors file: tensor 'w' has a side or an offset that is no whole number from 0 on")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4, null,
        "is no safetensors file: tensor 'w' has the shape [4294967296, 4294967296], larger than any file")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, null,
        "is no safetensors file: tensor 'w' has the shape [4611686018427387904], larger than any file")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, null,
        "is no safetensors file: tensor 'w' takes 4 bytes where its type and shape [2] need 8")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, null, "is no safetensors file: tensor 'w' ends at 0, before its begin at 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", 4, null,
        "is no safetensors file: tensor 'w' has 1 data_offsets where 2 were expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775807,9223372036854775807]}}""", 4, null,
        "is cut off: 4 bytes of values are there, but tensor 'w' ends at 9223372036854775807")]
    [InlineData("""{"w":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"v":{"dtype":"I8","shape":[4],"data_offsets":[2,6]}}""", 6, null,
        "is no safetensors file: tensor 'v' shares bytes with another")]
    [InlineData("""{"w":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"v":{"dtype":"I8","shape":[4],"data_offsets":[6,10]}}""", 10, null,
        "is no safetensors file: tensor 'v' follows 2 bytes that belong to no tensor")]
    [InlineData("""{"w":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"w":{"dtype":"I8","shape":[2],"data_offsets":[2,4]}}""", 4, null,
        "is no safetensors file: its header names 'w' twice")]
    [InlineData("""{"w\u0000\n":{"dtype":"I8","shape":[2],"data_offsets":[0,1]}}""", 1, null,
        "is no safetensors file: tensor 'w??' takes 1 bytes where its type and shape [2] need 2")]
    public void Made_up_header_is_refused_in_one_sentence(string header, int values, ulong? stated, string reason)
    {
        using var made = new MadeUpFile(header, values, stated);
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(made.Path)).Message);
    }

    [Fact]
    public void Header_that_is_no_text_is_refused()
    {
        using var made = new MadeUpFile([(byte)'{', 0xFF, (byte)'}'], 0);
        Assert.Equal("is no safetensors file: its header is not UTF-8 text",
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(made.Path)).Message);
    }

    [Fact]
    public void Deep_header_is_refused()
    {
        using var made = new MadeUpFile(new string('[', 200_000), 0);
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(made.Path));
    }

    [Fact]
    public void Shape_of_countless_axes_is_refused()
    {
        string ones = string.Join(",", Enumerable.Repeat("1", 100_000));
        using var made = new MadeUpFile($$$"""{"w":{"dtype":"I8","shape":[{{{ones}}}],"data_offsets":[0,1]}}""", 1);
        Assert.Contains("more than 32 axes", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(made.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Short_file_is_refused(int bytes)
    {
        using var made = new MadeUpFile(new byte[bytes]);
        Assert.Equal($"is {bytes} bytes long, too short for a safetensors file",
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(made.Path)).Message);
    }

    [Fact]
    public void Whatever_a_file_holds_it_is_read_or_refused()
    {
        byte[] sound = [.. BitConverter.GetBytes((ulong)Four.Length), .. Encoding.UTF8.GetBytes(Four), 1, 2, 3, 4];
        for (int at = 0; at < sound.Length; at++)
            foreach (byte change in (byte[])[0x00, 0x22, 0x2D, 0x5B, 0x7B, 0xFF])
            {
                byte[] spoilt = [.. sound];
                spoilt[at] = change;
                using var made = new MadeUpFile(spoilt);
                try
                {
                    var file = SafetensorsFile.Read(made.Path);
                    Assert.All(file.Tensors.Values, tensor => Assert.True(tensor.Offset + tensor.Bytes <= spoilt.Length));
                }
                catch (InvalidDataException)
                {
                    // Refused, as most are.
                }
            }
    }

    [Fact]
    public void Real_files_are_read_whole()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(ConformancePack.Root, "pipelines"), "*.safetensors", SearchOption.AllDirectories).Take(40)];
        Assert.All(files, path =>
        {
            var golden = TensorFile.Read(path);
            var file = SafetensorsFile.Read(path);
            Assert.Equal(golden.Names.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
            Assert.All(file.Tensors.Values, tensor => Assert.Equal(golden[tensor.Name].Values.Length, tensor.Count));
        });
        Assert.NotEmpty(files);
    }
}
