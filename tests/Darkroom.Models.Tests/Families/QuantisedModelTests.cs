using Darkroom.Benchmarks;
using Darkroom.Diffusion.Noise;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Families;

/// <summary>Models whose large layers compute with whole numbers.</summary>
public sealed class QuantisedModelTests : IDisposable
{
    // Its layers are wide enough. Of the U-Nets with weights in files, sd15-tiny's and sdxl-tiny's have 16 channels, fewer than are quantised: "wide" ones
    // have 32.
    private const string Starter = "starter", Wide = "wide";

    // Answers that are further apart than this differ by more than the order in which float32 is summed.
    private const double Quantised = 1e-4;

    private readonly List<WideModel> made = [];

    [Theory]
    [InlineData("sd15-tiny", "onnx", WeightPrecision.Int8, 0.05)]
    [InlineData(Starter, "", WeightPrecision.Int8, 0.05)]
    [InlineData("sd3-tiny", "diffusers", WeightPrecision.Int8, 0.05)]
    [InlineData("flux-tiny", "diffusers", WeightPrecision.Int8, 0.05)]
    [InlineData("sd15-tiny", Wide, WeightPrecision.Int8, 0.05)]
    [InlineData("sdxl-tiny", Wide, WeightPrecision.Int8, 0.05)]
    [InlineData("sd15-tiny", Wide, WeightPrecision.Int4, 0.3)]
    [InlineData("sd3-tiny", "diffusers", WeightPrecision.Int4, 0.3)]
    public void Its_answers_are_near_those_of_float32(string name, string layout, WeightPrecision precision, double bound)
    {
        using var whole = Load(name, layout, WeightPrecision.Float32);
        using var quantised = Load(name, layout, precision);
        var rows = Rows(whole, 1);
        double distance = Distance(Run(whole, rows)[0], Run(quantised, rows)[0]);
        Assert.InRange(distance, Quantised, bound);
        Assert.Equal(precision.Word(), quantised.Description.Capabilities.Precision);
    }

    [Fact]
    public void Pictures_of_the_starter_keep_40_decibels()
    {
        using var whole = Load(Starter, "", WeightPrecision.Float32);
        using var quantised = Load(Starter, "", WeightPrecision.Int8);
        for (int i = 0; i < 8; i++)
            Assert.InRange(StarterPicture.Ratio(StarterPicture.Draw(whole, i), StarterPicture.Draw(quantised, i)), 40, 60); // dB
    }

    [Theory]
    [InlineData("sd15-tiny", "onnx")]
    [InlineData("sd15-tiny", Wide)]
    [InlineData("sdxl-tiny", Wide)]
    [InlineData(Starter, "")]
    [InlineData("sd3-tiny", "diffusers")]
    public void A_row_has_the_same_bytes_alone_and_in_company(string name, string layout)
    {
        using var model = Load(name, layout, WeightPrecision.Int8);
        var rows = Rows(model, 5);
        var company = Run(model, rows);
        for (int i = 0; i < rows.Length; i++) Assert.Equal(Run(model, [rows[i]])[0], company[i]);
        var pair = Run(model, [rows[3], rows[1]]);
        Assert.Equal(company[3], pair[0]);
        Assert.Equal(company[1], pair[1]);
    }

    [Fact]
    public void A_text_has_the_same_bytes_alone_and_in_company()
    {
        using var whole = Load(Starter, "", WeightPrecision.Float32);
        using var model = Load(Starter, "", WeightPrecision.Int8);
        string[] texts = ["a fox", "", "a lighthouse on a cliff at night"];
        var company = Encode(model, texts);
        Assert.InRange(Distance(Encode(whole, texts)[0], company[0]), Quantised, 0.05);
        for (int i = 0; i < texts.Length; i++) Assert.Equal(Encode(model, [texts[i]])[0], company[i]);
    }

    [Fact]
    public void It_takes_less_memory_where_its_layers_are_wide_enough_and_says_so()
    {
        using var narrow = Load("sd15-tiny", "diffusers", WeightPrecision.Auto);
        using var same = Load("sd15-tiny", "diffusers", WeightPrecision.Int8);
        Assert.Equal(BytesOf(narrow), BytesOf(same));
        using var whole = Load("sd15-tiny", Wide, WeightPrecision.Auto);
        using var quantised = Load("sd15-tiny", Wide, WeightPrecision.Int8);
        Assert.InRange(BytesOf(quantised), BytesOf(whole) / 4, BytesOf(whole) / 2);
        Assert.Equal(quantised.Description.Parts.Sum(part => part.Bytes), quantised.Description.MemoryBytes);

        static long BytesOf(IDiffusionModel model) => PartOf(model, "unet").Bytes;
    }

    [Theory]
    [InlineData("sd15-tiny")]
    [InlineData("sdxl-tiny")]
    public void Where_its_weights_lie_changes_the_last_digits_alone(string name)
    {
        using var laidOut = Load(name, Wide, WeightPrecision.Int8);
        long bytes = PartOf(laidOut, "unet").Bytes;
        using var inPlace = Load(name, Wide, WeightPrecision.Int8, budget: 2 * bytes - 1); // no room for both
        Assert.Equal((false, true), (PartOf(laidOut, "unet").IsExact, PartOf(inPlace, "unet").IsExact));
        Assert.False(PartOf(inPlace, "text_encoder").IsExact); // the runtime always lays it out
        Assert.Equal(bytes, PartOf(inPlace, "unet").Bytes);
        var rows = Rows(laidOut, 2);
        // float32 layers sum in another order, and an activation between two whole numbers may become the other one: a tenth of what int8 changes.
        Assert.InRange(Distance(Run(laidOut, rows)[1], Run(inPlace, rows)[1]), 0, 2e-3);
    }

    [Fact]
    public void A_card_says_what_is_told_of_the_size_before_the_model_is_opened()
    {
        using var model = new WideModel("sd15-tiny");
        File.WriteAllText(Path.Combine(model.Root, "darkroom.json"), """{ "precision": "int8" }""");
        var described = ModelFolder.Read(model.Root);
        using var loaded = ModelFolder.Load(model.Root, new SessionSettings { Threads = 1 });
        Assert.Equal(loaded.Description.Parts.Select(part => (part.Name, part.Bytes)), described.Parts.Select(part => (part.Name, part.Bytes)));
        Assert.True(described.Parts.Single(part => part.Name == "unet").IsExact); // it may be alone in a memory that has little more
    }

    [Fact]
    public void Float16_is_refused_on_a_CPU_and_whole_numbers_on_a_GPU()
    {
        var error = Assert.Throws<GraphException>(() => Load("sd15-tiny", "diffusers", WeightPrecision.Float16));
        Assert.Equal("precision: fp16 cannot be used on a CPU, for which there are no such kernels; auto, fp32, int8 and int4 can", error.Message);
        Assert.NotNull(SessionSettings.FaultOf(WeightPrecision.Int8, DeviceSpec.Cuda));
        Assert.Null(SessionSettings.FaultOf(WeightPrecision.Float16, DeviceSpec.Cuda));
    }

    public void Dispose() => made.ForEach(model => model.Dispose());

    private static PartSize PartOf(IDiffusionModel model, string name) => model.Description.Parts.Single(part => part.Name == name);

    private IDiffusionModel Load(string name, string layout, WeightPrecision precision, long budget = long.MaxValue)
    {
        if (layout == Wide) made.Add(new(name));
        return ModelFolder.Load(
            layout == Wide ? made[^1].Root
                : name == Starter ? Path.Combine(Repository.Root, "models", Starter) : ConformancePack.PathOf("pipelines", name, layout),
            new SessionSettings { Threads = 2, Precision = precision, Budget = budget });
    }

    private static DenoiserRow[] Rows(IDiffusionModel model, int count)
    {
        var shape = model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize);
        var noise = new TorchCpuGenerator(5);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] latents = new float[shape.Length];
            noise.Normal(latents);
            var text = model.Tokenize([new PromptText(i % 2 == 0 ? "a fox" : "")], TextReading.Weighted)[0];
            var encoded = model.TextEncoders.Select((encoder, index) => encoder.Encode([text.Encoders[index]], RunWidth.Wide)[0]).ToArray();
            var conditioning = model.ForRow(
                model.Condition(text, encoded), new RowConditions { Width = model.Description.NativeSize, Height = model.Description.NativeSize });
            return new DenoiserRow(latents, 1, 500 + 10 * i, conditioning, new float[shape.Length]);
        })];
    }

    private static float[][] Run(IDiffusionModel model, DenoiserRow[] rows)
    {
        var shape = model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize);
        DenoiserRow[] own = [.. rows.Select(row => row with { Output = new float[shape.Length] })];
        model.Denoiser.Run(shape, own, RunWidth.Wide);
        return [.. own.Select(row => row.Output.ToArray())];
    }

    private static float[][] Encode(IDiffusionModel model, string[] texts)
    {
        var read = model.Tokenize([.. texts.Select(text => new PromptText(text))], TextReading.Weighted);
        return [.. model.TextEncoders[0].Encode([.. read.Select(text => text.Encoders[0])], RunWidth.Wide).Select(text => text.Values)];
    }

    private static double Distance(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other, (left, right) => (double)(left - right) * (left - right)).Sum() / one.Sum(value => (double)value * value));
}
