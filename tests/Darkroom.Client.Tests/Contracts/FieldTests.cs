using System.Reflection;
using System.Text.Json;
using Darkroom.Client.Contracts;
using Darkroom.Models.Fields;

namespace Darkroom.Client.Tests.Contracts;

/// <summary>A request of the client has every field that the server's table has for its task, of its type, and no other.</summary>
public sealed class FieldTests
{
    private static readonly Dictionary<FieldTasks, Type> Requests = new()
    {
        [FieldTasks.Txt2img] = typeof(Txt2ImgRequest),
        [FieldTasks.Img2img] = typeof(Img2ImgRequest),
        [FieldTasks.Inpaint] = typeof(InpaintRequest),
        [FieldTasks.Outpaint] = typeof(OutpaintRequest),
        [FieldTasks.Upscale] = typeof(UpscaleRequest),
        [FieldTasks.Denoise] = typeof(DenoiseRequest),
        [FieldTasks.Classify] = typeof(ClassifyRequest),
        [FieldTasks.Likelihood] = typeof(LikelihoodRequest),
        [FieldTasks.Features] = typeof(FeaturesRequest),
    };

    public static TheoryData<FieldTasks> Tasks => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Every_field_is_there_by_its_name_and_type(FieldTasks task)
    {
        var fields = FieldTable.Of(task).ToDictionary(field => field.Name);
        var own = PropertiesOf(Requests[task]);
        Assert.Equal(fields.Keys.Order(), own.Keys.Order());
        Assert.All(fields.Values, field => Assert.True(
            Fits(field.Type, own[field.Name]), $"{field.Name} is {own[field.Name].Name} here, and {field.Type.GetType().Name} in the table."));
    }

    [Fact]
    public void Names_are_those_of_the_table()
    {
        var choices = FieldTable.All.Where(field => field.Type is ChoiceType).DistinctBy(field => field.Name).ToArray();
        Assert.True(choices.Length > 10);
        foreach (var field in choices)
        {
            var type = Requests.Values.Select(request => PropertiesOf(request).GetValueOrDefault(field.Name)).First(type => type is not null)!;
            Assert.Equal(((ChoiceType)field.Type).Names.Order(), NamesOf(type).Order());
        }
        Assert.Equal(WebhookType.Ends.Order(), NamesOf(typeof(JobStatus)).Except(["queued", "running"]).Order());
        Assert.Equal(
            ["classify", "denoise", "features", "img2img", "inpaint", "likelihood", "outpaint", "txt2img", "upscale"],
            NamesOf(typeof(GenerationTask)).Order());
    }

    [Theory]
    [InlineData(typeof(HiresPass), typeof(HiresChoice))]
    [InlineData(typeof(LoraUse), typeof(LoraPick))]
    [InlineData(typeof(EmbeddingUse), typeof(EmbeddingPick))]
    [InlineData(typeof(ControlNetUse), typeof(ControlChoice))]
    [InlineData(typeof(WebhookTarget), typeof(WebhookChoice))]
    [InlineData(typeof(UpscaleStep), typeof(UpscaleChoice))]
    [InlineData(typeof(StepCache), typeof(CacheChoice))]
    public void Parts_of_fields_are_those_of_the_server(Type own, Type server) => Assert.Equal(
        Instance(server).Select(property => property.Name).Except([nameof(UpscaleChoice.Declines)]).Order(),
        Instance(own).Select(property => property.Name).Order());

    [Fact]
    public void What_is_written_is_what_the_table_reads()
    {
        var request = new Txt2ImgRequest
        {
            Prompt = "a \"fox\" — 狐", GuidanceInterval = new(0.1, 0.9), SeedResize = new(64, 96), Crop = new(1, 2), Seed = 9007199254740991, Tiling = Tiling.X,
            Upscale = new() { Scale = 2 }, Loras = ["crayons", new("ink", -0.5) { TextWeight = 0.25 }], Embeddings = [], Steps = 20, GuidanceScale = 7.5,
            Hires = new() { Scale = 1.5, Sampler = SamplerName.Euler, NegativePrompt = "" }, Sampler = "Euler a", Metadata = false, Deadline = 1.5,
            Webhook = new("https://example.org/") { Events = [JobStatus.Failed] }, OriginalSize = new(512, 512), MaxTextTokens = 77,
            Cache = StepCache.EasyCache(0.1), Explain = WordChoice.Of("fox", "a fox"),
        };
        using var json = JsonSerializer.SerializeToDocument(request, RequestJson.TypeOf(typeof(Txt2ImgRequest)));
        var fields = FieldTable.Of(FieldTasks.Txt2img).ToDictionary(field => field.Name);
        Assert.Equal(20, json.RootElement.EnumerateObject().Count());
        foreach (var property in json.RootElement.EnumerateObject())
            Assert.Empty(fields[property.Name].Type.Read(property.Name, property.Value).Faults);
        Assert.Equal(request.Prompt, json.RootElement.GetProperty("prompt").GetString());
        Assert.Contains("狐", json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Declining_a_default_is_null_and_saying_nothing_is_nothing()
    {
        var type = RequestJson.TypeOf(typeof(Txt2ImgRequest));
        Assert.Equal("""{"upscale":null}""", JsonSerializer.Serialize(new Txt2ImgRequest { Upscale = UpscaleStep.None }, type));
        Assert.Equal("""{"cache":null}""", JsonSerializer.Serialize(new Txt2ImgRequest { Cache = StepCache.None }, type));
        Assert.Equal("{}", JsonSerializer.Serialize(new Txt2ImgRequest(), type));
    }

    [Fact]
    public void Fields_and_names_that_are_newer_than_the_client_stay_as_they_are()
    {
        const string Json = """{"sampler":"from_the_future","tiling":"diagonal","hologram":{"depth":3},"prompt":"fox"}""";
        using var document = JsonDocument.Parse(Json);
        var request = new RequestFields(document.RootElement).As<Txt2ImgRequest>();
        Assert.Equal("from_the_future", request.Sampler?.Value);
        Assert.Equal(3, request.More!["hologram"].GetProperty("depth").GetInt32());
        using var again = JsonSerializer.SerializeToDocument(request, RequestJson.TypeOf(typeof(Txt2ImgRequest)));
        Assert.True(JsonElement.DeepEquals(document.RootElement, again.RootElement), again.RootElement.GetRawText());
    }

    private static Dictionary<string, Type> PropertiesOf(Type request)
    {
        var properties = RequestJson.TypeOf(request).Properties
            .Where(property => !property.IsExtensionData && property.Get is not null)
            .ToDictionary(property => property.Name, property => Bare(property.PropertyType));
        foreach (var picture in Instance(request).Where(property => property.PropertyType == typeof(PictureSource)))
            properties[JsonNamingPolicy.SnakeCaseLower.ConvertName(picture.Name)] = typeof(PictureSource);
        return properties;
    }

    private static bool Fits(FieldType type, Type own) => type switch
    {
        TextType => own == typeof(string),
        WholeChoiceType => own == typeof(int),
        WholeType whole => own == (whole.Max > int.MaxValue ? typeof(long) : typeof(int)),
        SizeType => own == typeof(int),
        NumberType => own == typeof(double),
        FlagType => own == typeof(bool),
        ChoiceType => own.IsValueType && own.GetProperty("Value")?.PropertyType == typeof(string),
        SpanType => own == typeof(GuidanceInterval),
        PixelPairType => own == typeof(PixelSize) || own == typeof(PixelPoint),
        PictureType => own == typeof(PictureSource),
        UpscaleType => own == typeof(UpscaleStep),
        HiresType => own == typeof(HiresPass),
        CacheType => own == typeof(StepCache),
        WebhookType => own == typeof(WebhookTarget),
        TilingType => own == typeof(Tiling),
        WordsType => own == typeof(WordChoice),
        ControlsType => own == typeof(IReadOnlyList<ControlNetUse>),
        LoraType => own == typeof(IReadOnlyList<LoraUse>),
        EmbeddingsType => own == typeof(IReadOnlyList<EmbeddingUse>),
        CandidatesType => own == typeof(IReadOnlyList<string>),
        LayersType => own == typeof(IReadOnlyList<string>),
        TimestepsType => own == typeof(IReadOnlyList<int>),
        _ => false,
    };

    private static IEnumerable<string> NamesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(property => property.PropertyType == type).Select(property => property.GetValue(null)!.ToString()!);

    private static PropertyInfo[] Instance(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
