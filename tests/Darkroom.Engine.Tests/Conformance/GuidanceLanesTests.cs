using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>A scale of at most 1 is no guidance, and half the work, whatever the family; an edit by instruction has two lanes less.</summary>
public sealed class GuidanceLanesTests
{
    [Theory]
    [InlineData("sd15-tiny", 2)]
    [InlineData("sd15-inpaint-tiny", 2)]
    [InlineData("sd21-tiny", 2)]
    [InlineData("sdxl-tiny", 2)]
    [InlineData("sd3-tiny", 2)]
    [InlineData("dit-tiny", 2)]
    [InlineData("ip2p-tiny", 3)]
    [InlineData("lcm-tiny", 1)] // their scale is an input
    [InlineData("flux-tiny", 1)]
    [InlineData("ddpm-tiny", 1)] // nothing to be guided by
    public void Scale_of_one_or_less_has_one_lane(string family, int guided)
    {
        using var model = ModelFolder.Load(ConformancePack.PathOf("pipelines", family, PackModels.Graphs), new());
        Assert.Equal(guided, LanesAt(5, model));
        Assert.Equal(1, LanesAt(1, model));
        Assert.Equal(1, LanesAt(0, model));
    }

    private static int LanesAt(double scale, IDiffusionModel model)
    {
        var description = model.Description;
        var request = Requests.Plain with
        {
            Width = 64, Height = 64, GuidanceScale = scale, EmbedsGuidance = description.Capabilities.EmbedsGuidance,
            Prompt = description.ReadsText ? Requests.Plain.Prompt : "", NegativePrompt = description.ReadsText ? "blurry" : null,
            ClassLabel = description.Classes is null ? null : 1, MaxTextTokens = description.TextTokens,
            ImageGuidanceScale = description.ShowsPicture ? 1.5 : null,
            Edit = description.ShowsPicture ? new PictureEdit { Picture = new("", 64, 64), Strength = 1, ShowsPicture = true } : null,
        };
        int lanes = RowTexts.Of(request, model, 64, 64).Lanes;
        Assert.Equal(lanes, request.Lanes);
        Assert.Equal(lanes, TextLoad.Of(request, description.TokenLength).Lanes);
        return lanes;
    }
}
