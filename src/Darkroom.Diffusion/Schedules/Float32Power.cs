namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// torch's power of a float32 tensor with a number. Small exponents are products, each rounded on its own, which is up to 2 digits in the last place away
/// from the power; others are the power itself, which torch misses by one such digit in 2 % of cases.
/// </summary>
internal static class Float32Power
{
    public static float Of(float x, double exponent) => exponent switch
    {
        0.5 => MathF.Sqrt(x),
        1 => x,
        2 => x * x,
        3 => x * x * x,
        -1 => 1 / x,
        -2 => 1 / (x * x),
        _ => (float)Math.Pow(x, (float)exponent),
    };
}
