namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// A PID controller of the step size (Söderlind 2003; the form of k-diffusion): from the last three errors it proposes a factor, which an
/// arctangent keeps within bounds, and takes a step back if the factor is too small. Its memory is four numbers of the row.
/// </summary>
internal sealed class StepSizeController
{
    private const double Tiny = 1e-8;
    private readonly double b1, b2, b3, acceptSafety;

    public StepSizeController(double p, double i, double d, double order, double acceptSafety)
    {
        b1 = (p + i + d) / order;
        b2 = -(p + 2 * d) / order;
        b3 = d / order;
        this.acceptSafety = acceptSafety;
    }

    /// <summary>Numbers that <see cref="Propose"/> keeps: the step size, then three inverse errors, zero before the first.</summary>
    public const int ScalarCount = 4;

    /// <summary>Changes the step size and says whether the step just tried holds.</summary>
    public bool Propose(Span<double> scalars, double error)
    {
        ref double h = ref scalars[0];
        var errors = scalars[1..];
        double inverse = 1 / (error + Tiny);
        if (errors[0] == 0) errors.Fill(inverse);
        errors[0] = inverse;
        double factor = Math.Pow(errors[0], b1) * Math.Pow(errors[1], b2) * Math.Pow(errors[2], b3);
        factor = 1 + Math.Atan(factor - 1);
        bool accept = factor >= acceptSafety;
        if (accept)
        {
            errors[2] = errors[1];
            errors[1] = errors[0];
        }
        h *= factor;
        return accept;
    }
}
