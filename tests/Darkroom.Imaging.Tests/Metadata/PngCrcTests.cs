using Darkroom.Imaging.Metadata;

namespace Darkroom.Imaging.Tests.Metadata;

public sealed class PngCrcTests
{
    [Fact]
    public void Check_values_of_the_standard_hold()
    {
        Assert.Equal(0xAE426082, PngCrc.Of("IEND"u8));
        Assert.Equal(0xCBF43926, PngCrc.Of("123456789"u8));
    }
}
