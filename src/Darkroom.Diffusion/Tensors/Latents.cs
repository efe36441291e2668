using System.Numerics;
using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Tensors;

/// <summary>
/// The few vector operations that every sampler is made of. All spans of one call have the same length, <c>result</c> may be one of the
/// arguments, factors are rounded to float32 once, and nothing is allocated.
/// </summary>
public static class Latents
{
    /// <summary>x ← a·x</summary>
    public static void Scale(Span<float> x, double a) => TensorPrimitives.Multiply(x, (float)a, x);

    /// <summary>result ← a·x</summary>
    public static void Scale(Span<float> result, double a, ReadOnlySpan<float> x) => TensorPrimitives.Multiply(x, (float)a, result);

    /// <summary>x ← x + b·y</summary>
    public static void Add(Span<float> x, double b, ReadOnlySpan<float> y) => TensorPrimitives.MultiplyAdd(y, (float)b, x, x);

    /// <summary>result ← a·x + b·y</summary>
    public static void Combine(Span<float> result, double a, ReadOnlySpan<float> x, double b, ReadOnlySpan<float> y)
    {
        float fa = (float)a, fb = (float)b;
        int i = 0, width = Vector<float>.Count;
        for (; i <= result.Length - width; i += width)
        {
            var sum = new Vector<float>(x[i..]) * fa + new Vector<float>(y[i..]) * fb;
            sum.CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] = x[i] * fa + y[i] * fb;
    }

    /// <summary>result ← a·x + b·y + c·z</summary>
    public static void Combine(
        Span<float> result, double a, ReadOnlySpan<float> x, double b, ReadOnlySpan<float> y, double c, ReadOnlySpan<float> z)
    {
        float fa = (float)a, fb = (float)b, fc = (float)c;
        int i = 0, width = Vector<float>.Count;
        for (; i <= result.Length - width; i += width)
        {
            var sum = new Vector<float>(x[i..]) * fa + new Vector<float>(y[i..]) * fb + new Vector<float>(z[i..]) * fc;
            sum.CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] = x[i] * fa + y[i] * fb + z[i] * fc;
    }

    /// <summary>result ← (x − y)/divisor. The difference is taken first: near the end of a run x and y agree in most of their digits.</summary>
    public static void Slope(Span<float> result, ReadOnlySpan<float> x, ReadOnlySpan<float> y, double divisor)
    {
        TensorPrimitives.Subtract(x, y, result);
        TensorPrimitives.Divide(result, (float)divisor, result);
    }

    /// <summary>x ← x + ((x − y)/from)·(to − from), every operation rounded on its own as a tensor library does.</summary>
    public static void Move(Span<float> x, double from, double to, ReadOnlySpan<float> y)
    {
        float divisor = (float)from, distance = (float)to - (float)from;
        int i = 0, width = Vector<float>.Count;
        for (; i <= x.Length - width; i += width)
        {
            var here = new Vector<float>(x[i..]);
            var slope = (here - new Vector<float>(y[i..])) / new Vector<float>(divisor);
            (here + slope * distance).CopyTo(x[i..]);
        }
        for (; i < x.Length; i++)
            x[i] += (x[i] - y[i]) / divisor * distance;
    }
}
