using Darkroom.Diffusion.Prediction;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Prediction;

[Trait("Category", "Conformance")]
public sealed class ParameterisationConformance
{
    private const double Tolerance = 2e-5;

    public static IEnumerable<TheoryDataRow<int>> Levels => PackCases.Indices("guidance", "guidance.json", "prediction_types");
    public static IEnumerable<TheoryDataRow<int>> FlowLevels => PackCases.Indices("guidance", "guidance.json", "flow");

    [Theory, MemberData(nameof(Levels))]
    public void Diffusion_formulas_are_the_references(int index)
    {
        var golden = ConformancePack.Json("guidance", "guidance.json").GetProperty("prediction_types")[index];
        var tensors = ConformancePack.Tensors("guidance", "guidance.safetensors");
        string key = $"t{golden.GetProperty("timestep")}_";
        double alpha = golden.GetProperty("sqrt_alpha").GetDouble(), sigma = golden.GetProperty("sqrt_one_minus_alpha").GetDouble();
        float[] clean = tensors["x_0"].Values, noise = tensors["noise"].Values, output = tensors[golden.GetProperty("model_output").GetString()!].Values;
        float[] noised = tensors[key + "noised"].Values, result = new float[clean.Length];
        using var measure = new Measure("guidance/prediction", key.TrimEnd('_'));

        Parameterisation.Noised(result, alpha, sigma, clean, noise);
        measure.Close("noised", noised, result, Tolerance);
        Parameterisation.Velocity(result, alpha, sigma, clean, noise);
        measure.Close("velocity", tensors[key + "velocity"].Values, result, Tolerance);
        Parameterisation.CleanFromNoise(result, alpha, sigma, noised, output);
        measure.Close("x0 from eps", tensors[key + "x0_from_eps"].Values, result, Tolerance);
        Parameterisation.CleanFromVelocity(result, alpha, sigma, noised, output);
        measure.Close("x0 from v", tensors[key + "x0_from_v"].Values, result, Tolerance);
        Parameterisation.NoiseFromVelocity(result, alpha, sigma, noised, output);
        measure.Close("eps from v", tensors[key + "eps_from_v"].Values, result, Tolerance);
        Parameterisation.NoiseFromClean(result, alpha, sigma, noised, output);
        measure.Close("eps from x0", tensors[key + "eps_from_x0"].Values, result, Tolerance);
    }

    [Theory, MemberData(nameof(FlowLevels))]
    public void Flow_formulas_are_the_references(int index)
    {
        var golden = ConformancePack.Json("guidance", "guidance.json").GetProperty("flow")[index];
        var tensors = ConformancePack.Tensors("guidance", "guidance.safetensors");
        double sigma = golden.GetProperty("sigma").GetDouble();
        string key = $"flow{sigma.ToString("G6", System.Globalization.CultureInfo.InvariantCulture)}_";
        float[] clean = tensors["x_0"].Values, noise = tensors["noise"].Values, output = tensors[golden.GetProperty("model_output").GetString()!].Values;
        float[] noised = tensors[key + "noised"].Values, result = new float[clean.Length];
        using var measure = new Measure("guidance/flow", key.TrimEnd('_'));

        Parameterisation.FlowNoised(result, sigma, clean, noise);
        measure.Close("noised", noised, result, Tolerance);
        Parameterisation.FlowVelocity(result, clean, noise);
        measure.Close("velocity", tensors[key + "velocity"].Values, result, Tolerance);
        Parameterisation.FlowClean(result, sigma, noised, output);
        measure.Close("x0", tensors[key + "x0"].Values, result, Tolerance);
        Parameterisation.FlowNoise(result, sigma, noised, output);
        measure.Close("noise", tensors[key + "noise"].Values, result, Tolerance);
    }
}
