using System.Text.Json;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>The picture of a family's first txt2img case that one model or another makes: for comparing two of them where there is no golden.</summary>
internal static class CasePicture
{
    /// <summary>The last latents.</summary>
    public static float[] Of(string family, string path, params IReadOnlyList<LoraChoice> loras)
    {
        using var model = ModelFolder.Load(path, new());
        return Of(family, model, loras);
    }

    /// <summary>The last latents.</summary>
    public static float[] Of(string family, IDiffusionModel model, params IReadOnlyList<LoraChoice> loras)
    {
        using var variant = loras.Count == 0 ? null : model.With(loras);
        if (variant is not null)
        {
            LoraConformance.OpenAsync(variant.Model).GetAwaiter().GetResult();
            Assert.Empty(variant.Model.Warnings);
        }
        var driver = new RowDriver(model);
        LoraConformance.Add(driver, family, FirstOf(family), variant?.Model ?? model);
        driver.Run(static _ => { }, static _ => { });
        Assert.All(driver.Rows[0].Painted!.Values, value => Assert.True(float.IsFinite(value)));
        return driver.Rows[0].Latents;
    }

    /// <summary>Within 5e-5 of the largest value, as pictures of the goldens are.</summary>
    public static void AssertSame(float[] one, float[] other)
    {
        double largest = one.Max(value => Math.Abs((double)value));
        Assert.True(Furthest(one, other) <= 5e-5 * largest, $"{Furthest(one, other):E2} of {largest:G4}");
    }

    /// <summary>So far apart that no rounding explains it.</summary>
    public static void AssertOther(float[] one, float[] other) => Assert.True(Furthest(one, other) > 0.01, $"{Furthest(one, other):E2}");

    private static double Furthest(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs((double)a - b)).Max();

    private static JsonElement FirstOf(string family) => ConformancePack.CaseNames("pipelines", family, "cases")
        .Select(name => ConformancePack.Json("pipelines", family, "cases", name + ".json"))
        .First(json => PipelineConformance.IsCovered(json) && json.GetProperty("pictures").GetArrayLength() == 1);
}
