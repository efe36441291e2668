using Darkroom.Imaging;

namespace Darkroom.Benchmarks.Caching;

/// <summary>How far a picture is from the one that it stands for, both RGB of one size.</summary>
/// <param name="Psnr">Decibels over all channels; infinite for equal pictures.</param>
/// <param name="Ssim">Structural similarity of the luma, at most 1.</param>
internal readonly record struct PictureDistance(double Psnr, double Ssim)
{
    // Wang, Bovik, Sheikh and Simoncelli 2004, "Image quality assessment: from error visibility to structural similarity", section III.C.
    private const int Window = 11;
    private const double Deviation = 1.5, C1 = 0.01 * 255 * (0.01 * 255), C2 = 0.03 * 255 * (0.03 * 255);

    private static readonly double[] Weights = GaussOf(Window, Deviation);

    public static PictureDistance Of(Picture one, Picture other) => new(PsnrOf(one, other), SsimOf(LumaOf(one), LumaOf(other), one.Width, one.Height));

    private static double PsnrOf(Picture one, Picture other)
    {
        double squares = 0;
        for (int i = 0; i < one.Pixels.Length; i++)
        {
            double difference = one.Pixels[i] - other.Pixels[i];
            squares += difference * difference;
        }
        return 10 * Math.Log10(255.0 * 255 * one.Pixels.Length / squares);
    }

    /// <summary>
    /// The mean over every whole window of (2·μx·μy + C1)(2·σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2)), with means and variances weighted by a Gaussian
    /// of 11 × 11 pixels; equation 13 with the constants of equations 7 and 9.
    /// </summary>
    private static double SsimOf(double[] x, double[] y, int width, int height)
    {
        double sum = 0;
        int windows = 0;
        for (int top = 0; top <= height - Window; top++)
            for (int left = 0; left <= width - Window; left++, windows++)
            {
                double meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
                for (int row = 0; row < Window; row++)
                    for (int column = 0; column < Window; column++)
                    {
                        double weight = Weights[row] * Weights[column];
                        double a = x[(top + row) * width + left + column], b = y[(top + row) * width + left + column];
                        meanX += weight * a;
                        meanY += weight * b;
                        xx += weight * a * a;
                        yy += weight * b * b;
                        xy += weight * a * b;
                    }
                double varianceX = xx - meanX * meanX, varianceY = yy - meanY * meanY, both = xy - meanX * meanY;
                sum += (2 * meanX * meanY + C1) * (2 * both + C2) / ((meanX * meanX + meanY * meanY + C1) * (varianceX + varianceY + C2));
            }
        return sum / windows;
    }

    /// <summary>Y′ of BT.601.</summary>
    private static double[] LumaOf(Picture picture)
    {
        var luma = new double[picture.Width * picture.Height];
        for (int i = 0; i < luma.Length; i++)
            luma[i] = 0.299 * picture.Pixels[3 * i] + 0.587 * picture.Pixels[3 * i + 1] + 0.114 * picture.Pixels[3 * i + 2];
        return luma;
    }

    private static double[] GaussOf(int length, double deviation)
    {
        var weights = new double[length];
        for (int i = 0; i < length; i++) weights[i] = Math.Exp(-Math.Pow(i - length / 2, 2) / (2 * deviation * deviation));
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
