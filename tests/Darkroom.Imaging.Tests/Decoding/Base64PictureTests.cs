using System.Text;
using Darkroom.Imaging.Decoding;
using Darkroom.TestKit;

namespace Darkroom.Imaging.Tests.Decoding;

public sealed class Base64PictureTests
{
    private static readonly byte[] File = [.. Enumerable.Range(0, 1000).Select(value => (byte)value)];
    private static readonly string Text = Convert.ToBase64String(File);

    [Theory]
    [InlineData("")]
    [InlineData("data:image/png;base64,")]
    [InlineData("DATA:image/jpeg;charset=x;BASE64,")]
    [InlineData("data:;base64,")]
    public void Prefix_may_stand_or_not(string prefix)
    {
        Assert.True(Base64Picture.TryDecode(Utf8(prefix + Text), 1000, out var file, out _));
        Assert.Equal(File, file);
        string lines = prefix + string.Join("\r\n", Text.Chunk(76).Select(line => new string(line)));
        Assert.True(Base64Picture.TryDecode(Utf8(lines), 1000, out file, out _));
        Assert.Equal(File, file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("data:image/png;base64,")]
    [InlineData("data:image/png,AAAA")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:")]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA=A")]
    [InlineData("AAAA=")]
    [InlineData("AA*A")]
    [InlineData("https://example.org/a.png")]
    [InlineData("../../etc/passwd")]
    [InlineData("AAAA\0")]
    [InlineData("AA%%")]
    [InlineData("ＡＡＡＡ")]
    public void What_is_not_base64_is_refused(string text)
    {
        Assert.False(Base64Picture.TryDecode(Utf8(text), 1000, out var file, out var fault));
        Assert.True(file.IsEmpty);
        Assert.Equal(PictureFaultKind.NotBase64, fault.Kind);
    }

    [Fact]
    public void Padding_may_be_missing_and_the_alphabet_be_the_url_safe_one()
    {
        // 0xFB 0xEF 0xBE 0xFF needs the two signs that the alphabets differ in.
        byte[] file = [0xFB, 0xEF, 0xBE, 0xFF, .. File];
        foreach (int length in new[] { 1001, 1002, 1003, 1004 })
        {
            string padded = Convert.ToBase64String(file, 0, length), urlSafe = padded.Replace('+', '-').Replace('/', '_');
            foreach (string text in new[] { padded, padded.TrimEnd('='), urlSafe, urlSafe.TrimEnd('='), "data:image/png;base64," + urlSafe.TrimEnd('='),
                padded.TrimEnd('=') + "\n" })
            {
                Assert.True(Base64Picture.TryDecode(Utf8(text), 1004, out var read, out var fault), fault?.Message);
                Assert.Equal(file[..length], read);
            }
        }
    }

    [Fact]
    public void Length_is_checked_before_anything_is_decoded()
    {
        Assert.True(Base64Picture.TryDecode(Utf8(Text), 1000, out _, out _));
        Assert.False(Base64Picture.TryDecode(Utf8(Text), 999, out _, out var fault));
        Assert.Equal((PictureFaultKind.TooManyBytes, 999L), (fault.Kind, fault.Limit));
        byte[] huge = Utf8(new string('A', 40_000_000));
        long allocated = Allocation.Of(() =>
        {
            Assert.False(Base64Picture.TryDecode(huge, 1 << 20, out _, out var refused));
            Assert.Equal(PictureFaultKind.TooManyBytes, refused.Kind);
        });
        Assert.InRange(allocated, 0, 10_000);
    }

    [Theory]
    [InlineData(12_287)]
    [InlineData(12_288)]
    [InlineData(12_289)]
    [InlineData(300_001)]
    public void Long_text_becomes_the_file_where_it_lies(int length)
    {
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);
        string text = Convert.ToBase64String(sent);
        string lines = string.Join("\n", text.Chunk(76).Select(line => new string(line))) + " \t";
        foreach (string written in new[] { text, text.TrimEnd('='), lines, "data:x;base64," + text })
        {
            byte[] bytes = Utf8(written);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(Base64Picture.TryDecode(bytes, length, out var file, out var fault), fault?.Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
            Assert.True(file.Span.SequenceEqual(sent));
            Assert.True(file.Span.Overlaps(bytes));
        }
        Assert.False(Base64Picture.TryDecode(Utf8(text[..8000] + "=" + text[8001..]), length, out _, out _));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
