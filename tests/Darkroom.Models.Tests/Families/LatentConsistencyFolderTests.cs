using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

public sealed class LatentConsistencyFolderTests
{
    [Fact]
    public void Folder_is_described_without_opening_a_graph()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("lcm-tiny"));
        Assert.Equal((null, "latent-consistency"), (model.Fault, model.Family));
        Assert.True(model.Capabilities.EmbedsGuidance);
        Assert.Equal((4L, 8.5), (model.Defaults.Find(FieldTable.Steps), model.Defaults.Find(FieldTable.GuidanceScale)));
    }

    [Fact]
    public void Author_s_defaults_go_before_the_family_s()
    {
        using var folder = TestModel.Of("lcm-tiny").Write("darkroom.json", """{ "defaults": { "steps": 6 } }""");
        var model = folder.Read();
        Assert.Equal((6L, 8.5), (model.Defaults.Find(FieldTable.Steps), model.Defaults.Find(FieldTable.GuidanceScale)));
    }

    [Fact]
    public void Unet_without_guidance_as_an_input_is_none_of_the_family() =>
        Assert.Equal("unet/config.json: time_cond_proj_dim: is missing; a latent consistency model has its guidance as an input",
            TestModel.Of("lcm-tiny").Set("unet/config.json", "time_cond_proj_dim", null).Fault());

    [Fact]
    public void Graph_and_configuration_that_disagree_about_guidance_are_refused_when_loaded()
    {
        using var folder = TestModel.Sd15().Set("unet/config.json", "time_cond_proj_dim", "32");
        Assert.Equal("unet/model.onnx: it has no input 'timestep_cond', where the configuration says time_cond_proj_dim",
            Assert.Throws<GraphException>(() => ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 })).Message);
        using var other = TestModel.Of("lcm-tiny").Set("unet/config.json", "time_cond_proj_dim", null)
            .Set("model_index.json", "_class_name", "\"StableDiffusionPipeline\"");
        Assert.Equal("unet/model.onnx: it has an input 'timestep_cond', where the configuration does not say time_cond_proj_dim",
            Assert.Throws<GraphException>(() => ModelFolder.Load(other.Path, new SessionSettings { Threads = 1 })).Message);
    }

    [Fact]
    public void Guidance_scale_becomes_an_input_of_the_row()
    {
        using var model = ModelFolder.Load(TestModel.SourceOf("lcm-tiny"), new SessionSettings { Threads = 1 });
        var text = model.Encode(model.Tokenize([new PromptText("a fox")], TextReading.Plain))[0];
        float[] Guidance(double scale) =>
            model.ForRow(text, new RowConditions { Width = 64, Height = 64, GuidanceScale = scale }).For("timestep_cond")!.Values;
        Assert.Equal([.. new float[16], .. Enumerable.Repeat(1f, 16)], Guidance(1)); // sin 0, cos 0
        Assert.NotEqual(Guidance(4), Guidance(8));
    }
}
