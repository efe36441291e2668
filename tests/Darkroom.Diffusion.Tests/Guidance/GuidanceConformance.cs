using Darkroom.Diffusion.Guidance;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Guidance;

[Trait("Category", "Conformance")]
public sealed class GuidanceConformance
{
    private const double Tolerance = 2e-5;

    public static IEnumerable<TheoryDataRow<int>> Cases => PackCases.Indices("guidance", "guidance.json", "guidance");

    [Theory, MemberData(nameof(Cases))]
    public void Guided_output_is_the_reference(int index)
    {
        var golden = ConformancePack.Json("guidance", "guidance.json").GetProperty("guidance")[index];
        var tensors = ConformancePack.Tensors("guidance", "guidance.safetensors");
        string op = golden.GetProperty("op").GetString()!, tensor = golden.GetProperty("tensor").GetString()!;
        using var measure = new Measure(op.StartsWith("and") ? "guidance/and" : "guidance/" + op, tensor);
        double scale = golden.GetProperty("scale").GetDouble();
        var uncond = tensors["uncond"];
        var result = new float[uncond.Values.Length];
        int rows = uncond.Shape[0], length = result.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            var part = result.AsSpan(row * length, length);
            var cond = tensors["cond"][row];
            if (op is "cfg" or "cfg_then_rescale")
            {
                ClassifierFreeGuidance.Apply(part, uncond[row], cond, scale);
                if (op == "cfg_then_rescale")
                    GuidanceRescale.Apply(part, cond, golden.GetProperty("guidance_rescale").GetDouble());
            }
            else if (op.StartsWith("and"))
            {
                int at = row * length;
                ReadOnlyMemory<float>[] conds =
                    [.. golden.GetProperty("conds").EnumerateArray()
                        .Select(name => (ReadOnlyMemory<float>)tensors[name.GetString()!].Values.AsMemory(at, length))];
                ComposedGuidance.Apply(part, uncond[row], conds, Measure.NumberList(golden.GetProperty("weights")), scale);
            }
            else
            {
                measure.Miss($"The operation {op} is unknown.");
            }
        }
        measure.Close("values", tensors[tensor].Values, result, Tolerance);
    }

    /// <summary>The pack's list counts a step exactly at the end as guided; the native API does not, and the type says which is meant.</summary>
    [Fact]
    public void Interval_guides_the_listed_steps()
    {
        if (!ConformancePack.Has("guidance", "guidance.json")) return;
        var golden = ConformancePack.Json("guidance", "guidance.json").GetProperty("interval");
        using var measure = new Measure("guidance/interval", "steps");
        var interval = new GuidanceInterval(golden.GetProperty("low").GetDouble(), golden.GetProperty("high").GetDouble(), IncludesEnd: true);
        int steps = golden.GetProperty("steps").GetInt32();
        double scale = golden.GetProperty("scale").GetDouble();
        foreach (var entry in golden.GetProperty("steps_list").EnumerateArray())
        {
            int step = entry.GetProperty("step").GetInt32();
            measure.Equal($"step {step}", entry.GetProperty("scale").GetDouble(), interval.Guides(step, steps) ? scale : 1);
        }
    }
}
