using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Noise;

public sealed class DecimalRoundingTests
{
    /// <summary>Right-hand sides are what Python's round(x, 6) prints.</summary>
    [Theory]
    [InlineData(0.0078125, 0.007812)]
    [InlineData(0.0234375, 0.023438)]
    [InlineData(0.0390625, 0.039062)]
    [InlineData(1.0078125, 1.007812)]
    [InlineData(2.5, 2.5)]
    [InlineData(0.1234565, 0.123456)]
    [InlineData(0.029167519882321358, 0.029168)]
    [InlineData(14.614643096923828, 14.614643)]
    [InlineData(5e-07, 0.0)]
    [InlineData(4.9999999e-07, 0.0)]
    [InlineData(1.5e-06, 2e-06)]
    [InlineData(2.5e-06, 3e-06)]
    [InlineData(1e-300, 0.0)]
    [InlineData(4096.0000005, 4096.000001)]
    [InlineData(-0.0078125, -0.007812)]
    [InlineData(-0.0234375, -0.023438)]
    [InlineData(123456.7890625, 123456.789062)]
    [InlineData(8388608.0078125, 8388608.007812)]
    [InlineData(7.321905308403075, 7.321905)]
    [InlineData(8589934591.999999, 8589934591.999999)]
    [InlineData(10000000000.123457, 10000000000.123457)]
    public void Six_digits_are_pythons(double value, double rounded) => Assert.Equal(rounded, DecimalRounding.SixDigits(value));

    [Fact]
    public void What_is_no_finite_number_stays()
    {
        Assert.Equal(double.PositiveInfinity, DecimalRounding.SixDigits(double.PositiveInfinity));
        Assert.True(double.IsNaN(DecimalRounding.SixDigits(double.NaN)));
    }
}
