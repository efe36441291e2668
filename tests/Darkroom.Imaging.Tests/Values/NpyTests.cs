using System.Buffers.Binary;
using System.Text;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Values;

namespace Darkroom.Imaging.Tests.Values;

public sealed class NpyTests
{
    [Theory]
    [InlineData(8, 1, 256)]
    [InlineData(16, 1, 65536)]
    [InlineData(16, 3, 65536)]
    [InlineData(32, 16, 1024)]
    public void What_is_written_is_read_as_it_was(int bits, int channels, int values)
    {
        var (width, height) = (values / 16, 16);
        float[] planes = new float[channels * values];
        for (int i = 0; i < planes.Length; i++) planes[i] = bits == 32 ? MathF.Sin(i) : 2f * (i % values / (float)((1 << bits) - 1)) - 1f;

        byte[] file = PictureEncoder.Encode(new PictureValues(width, height, planes), PictureFormat.Npy, bits, 90, null);
        var read = Read(file, channels);

        Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(planes, read.Planes);
        Assert.Equal(file, PictureEncoder.Encode(read, PictureFormat.Npy, bits, 90, null));
    }

    /// <summary>Bytes by the format's description (NEP 1).</summary>
    [Fact]
    public void File_is_what_numpy_writes()
    {
        byte[] file = PictureEncoder.Encode(new PictureValues(3, 2, [-1, 0, 1, 5, -0.5f, 0.25f]), PictureFormat.Npy, 32, 90, null);

        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0], file[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", Encoding.ASCII.GetString(file, 10, 118));
        Assert.Equal(128 + 24, file.Length);
        Assert.Equal(5f, BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(128 + 12))); // as the network gave it, beyond the range too
    }

    [Theory]
    [InlineData("<u2", 1), InlineData(">u2", 1), InlineData("|u1", 1), InlineData("<f4", 2), InlineData(">f4", 3), InlineData("<f8", 1), InlineData(">f8", 2)]
    public void Every_type_order_and_version_is_read(string type, int version)
    {
        float[] expected = [.. Enumerable.Range(0, 24).Select(i => type[1] == 'f' ? i / 12f - 1 : 2f * (i / (type[2] == '1' ? 255f : 65535f)) - 1f)];
        foreach (bool fortran in (bool[])[false, true])
        {
            // Value i stands at [c, y, x] of 4 channels, 2 lines and 3 columns.
            byte[] last = Array(type, fortran, version, [2, 3, 4], (axes) => axes[2] * 6 + axes[0] * 3 + axes[1]);
            byte[] first = Array(type, fortran, version, [4, 2, 3], (axes) => axes[0] * 6 + axes[1] * 3 + axes[2]);
            Assert.Equal(expected, Read(last, 4).Planes);
            Assert.Equal(expected, Read(first, 4).Planes);
            byte[] plane = Array(type, fortran, version, [4, 6], (axes) => axes[0] * 6 + axes[1]);
            Assert.Equal(expected, Read(plane, 1).Planes);
        }
    }

    [Theory]
    [InlineData(new[] { 64, 32 }, 1, 32, 64)]
    [InlineData(new[] { 64, 32, 1 }, 1, 32, 64)]
    [InlineData(new[] { 1, 64, 32 }, 1, 32, 64)]
    [InlineData(new[] { 5, 64, 32 }, 5, 32, 64)]
    [InlineData(new[] { 8, 8, 8 }, 8, 8, 8)] // the last axis, where both would do
    [InlineData(new[] { 3, 16, 3 }, 3, 16, 3)]
    public void Channels_are_the_axis_that_has_as_many_as_the_model(int[] shape, int channels, int width, int height)
    {
        byte[] file = Array("|u1", false, 1, shape, _ => 0);
        Assert.True(PictureDecoder.TryInspect(file, PictureLimits.Default, out var header, out _));
        header = header.For(channels);
        Assert.Equal((width, height, channels), (header.Width, header.Height, header.ArrayChannels));
        Assert.Equal((width, height), (Read(file, channels).Width, Read(file, channels).Height));
    }

    [Theory]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }", "values of type '<i2'")]
    [InlineData("{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (2, 3), }", "its values have several parts")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", "1 axes")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 3, 4), }", "4 axes")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (0, 3), }", "shows nothing")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (20, 30, 40), }", "40 channels; at most 16 are taken")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (20, 9000), }", "9000 pixels; at most 8192 are taken")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (8192, 8192, 16), }", "67108864 pixels; at most 16777216 are taken")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (999999999999999, 3), }", "at most 8192 are taken")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (9999999999999999, 3), }", "shape is no tuple of whole numbers")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (-2, 3), }", "shape is no tuple of whole numbers")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (64, 64), }", "takes 8192 bytes, and 12 follow its header")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 3), }", "takes 6 bytes, and 12 follow its header")]
    [InlineData("{'descr': '<u2', 'fortran_order': maybe, 'shape': (2, 3), }", "fortran_order is neither True nor False")]
    [InlineData("{'descr': '<u2', 'shape': (2, 3), }", "its header has no fortran_order")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), 'x': 1}", "unknown key 'x'")]
    [InlineData("{'descr': '<u2', 'descr': '<u2', 'shape': (2, 3)}", "second or unknown key 'descr'")]
    [InlineData("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), } + 1", "more than blanks follow")]
    [InlineData("{'descr': '<u2' 'fortran_order': False, 'shape': (2, 3), }", "no comma stands")]
    [InlineData("__import__('os')", "does not begin with {")]
    [InlineData("{", "no key and colon")]
    public void Fault_of_a_header_is_told(string line, string reason)
    {
        byte[] text = Encoding.ASCII.GetBytes(line + "\n");
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. new byte[12]];
        Assert.False(PictureDecoder.TryInspect(file, PictureLimits.Default, out _, out var fault));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_ends_in_its_header_is_truncated()
    {
        byte[] whole = Array("<u2", false, 2, [2, 3], axes => axes[1]);
        for (int length = 6; length < whole.Length; length++)
        {
            Assert.False(PictureDecoder.TryInspect(whole.AsSpan(0, length), PictureLimits.Default, out _, out var fault));
            Assert.Equal(PictureFaultKind.Truncated, fault.Kind);
        }
    }

    [Fact]
    public void Header_of_any_length_is_held_to_its_limit()
    {
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[64]];
        Assert.False(PictureDecoder.TryInspect(file, PictureLimits.Default, out _, out var fault));
        Assert.Equal("The header of the npy file has 4294967295 bytes; at most 4096 are taken.", fault.Message);
    }

    [Fact]
    public void Any_byte_may_be_wrong()
    {
        byte[] whole = Array("<f4", false, 1, [2, 3], axes => axes[1]);
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] broken = [.. whole];
            for (int i = 0; i < 1 + round % 4; i++) broken[6 + random.Next(broken.Length - 6)] = (byte)random.Next(256);
            ValuesDecoder.TryDecode(broken, PictureLimits.Default, 1, out _, out _); // never throws
        }
    }

    [Theory]
    [InlineData(float.NaN, "not a number"), InlineData(float.PositiveInfinity, "infinity"), InlineData(1.25f, "1.25"), InlineData(-1.0001f, "-1.0001")]
    public void Float_beyond_the_range_is_refused_with_its_place(float value, string told)
    {
        float[] planes = new float[2 * 12];
        planes[12 + 5] = value; // channel 1, line 1, column 1
        byte[] file = PictureEncoder.Encode(new PictureValues(4, 3, planes), PictureFormat.Npy, 32, 90, null);
        Assert.False(ValuesDecoder.TryDecode(file, PictureLimits.Default, 2, out _, out var fault));
        Assert.Equal($"The npy file's value at [1, 1, 1] is {told}; floats of a picture are finite and lie in -1…1.", fault.Message);
    }

    [Fact]
    public void Other_channels_are_refused()
    {
        byte[] file = Array("|u1", false, 1, [20, 20, 3], _ => 0);
        Assert.False(ValuesDecoder.TryDecode(file, PictureLimits.Default, 1, out _, out var fault));
        Assert.Equal("The npy file's shape is (20, 20, 3), which has 3 channels; 1 are needed.", fault.Message);
    }

    private static PictureValues Read(byte[] file, int channels) =>
        ValuesDecoder.TryDecode(file, PictureLimits.Default, channels, out var values, out var fault) ? values : throw new InvalidDataException(fault.Message);

    /// <summary>An array whose value at a place is that number, floats spread over the range.</summary>
    private static byte[] Array(string type, bool fortran, int version, int[] shape, Func<int[], int> number)
    {
        int count = shape.Aggregate(1, static (all, side) => all * side), size = type[2] - '0';
        byte[] data = new byte[count * size];
        for (int i = 0; i < count; i++)
        {
            int[] axes = new int[shape.Length];
            int rest = i;
            foreach (int axis in fortran ? Enumerable.Range(0, shape.Length) : Enumerable.Range(0, shape.Length).Reverse())
                (axes[axis], rest) = (rest % shape[axis], rest / shape[axis]);
            int value = number(axes);
            byte[] bytes = type[1..] switch
            {
                "u1" => [(byte)value],
                "u2" => BitConverter.GetBytes((ushort)value),
                "f4" => BitConverter.GetBytes(value / 12f - 1),
                _ => BitConverter.GetBytes((double)(value / 12f - 1)),
            };
            if (type[0] == '>') bytes = [.. bytes.Reverse()];
            bytes.CopyTo(data, i * size);
        }
        string line = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': ({string.Join(", ", shape)}), }}\n";
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)line.Length) : BitConverter.GetBytes(line.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.ASCII.GetBytes(line), .. data];
    }
}
