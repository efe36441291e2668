namespace Darkroom.Imaging.Tests;

public sealed class VipsRuntimeTests
{
    [Fact]
    public void Runtime_of_the_package_loads() => Assert.Null(VipsRuntime.Check());

    [Fact]
    public void Reason_is_one_line_and_names_the_inner_cause()
    {
        string reason = VipsRuntime.Describe(new TypeInitializationException("NetVips.Vips", new DllNotFoundException("libvips.so.42:\n not found")));
        Assert.Equal("libvips cannot be loaded, so no picture can be read or written: libvips.so.42:  not found", reason);
        Assert.Contains("no reason given", VipsRuntime.Describe(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_our_loaders_are_open()
    {
        VipsRuntime.Ensure();
        Assert.Equal(1, NetVips.NetVips.Concurrency);
        Assert.Equal(0, NetVips.Cache.Max);
        Assert.Throws<NetVips.VipsException>(() => NetVips.Image.NewFromBuffer("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray()));
        Assert.Throws<NetVips.VipsException>(() => NetVips.Image.GifloadBuffer("GIF89a"u8.ToArray()));
        using var png = NetVips.Image.NewFromBuffer(PictureEncoder.Encode(TestPictures.Slopes(9, 5, 3), PictureFormat.Png, 0, null));
        Assert.Equal((9, 5), (png.Width, png.Height));
    }
}
