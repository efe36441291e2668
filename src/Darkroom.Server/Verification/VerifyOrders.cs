using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Metadata.Tools;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Automatic1111.Infotext;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Verification;

/// <summary>From a picture whose file says how it was made to the order that makes it again and compares the two.</summary>
internal sealed class VerifyOrders(Generator generator, IServiceProvider services)
{
    private const string Limit = "a picture whose file holds all that made it: txt2img of this server, or of a program with the same model";

    /// <summary>The picture.</summary>
    public static readonly PictureField Image = new(new FieldInfo("image", new PictureType(), default, "The picture, as it was saved: PNG, JPEG or WebP.")
        { IsRequired = true, IsPrivate = true });

    /// <summary>What an order takes.</summary>
    public static readonly IReadOnlyList<Field> Fields = [Image, GenerationFields.Priority, GenerationFields.Deadline, GenerationFields.Webhook];

    /// <summary>Reads an order's body by this.</summary>
    public static readonly ObjectReader Reader = new(Fields);

    /// <summary>The order, or everything that keeps the picture from being made again.</summary>
    /// <param name="values">Of <see cref="Fields"/>, the picture among them.</param>
    public Validated Of(FieldValues values)
    {
        var picture = values.TryGet(Image, out var sent) ? sent : null;
        ArgumentNullException.ThrowIfNull(picture);
        var record = PictureMetadata.Read(picture.Bytes.Span);
        var parts = RemadeParts.Of(services);
        var faults = new FaultList();
        if (RemadeRequest.Of(record, picture.Header.Format, parts) is not { } request)
        {
            faults.Add(new Fault(Image.Name, "The file does not say how the picture was made.", null, Limit));
            return Refusal.Of(faults);
        }
        foreach (string missing in request.Missing.Where(one => one != request.ChangedModel)) faults.Add(Missing(missing));
        if (faults.Count > 0) return Refusal.Of(faults);
        var asked = request.Fields;
        asked[FieldTable.Count.Name] = 1;
        foreach (var field in Fields.Where(field => field != Image))
            if (values.JsonOf(field) is { } json) asked[field.Name] = JsonNode.Parse(json.GetRawText());
        using var body = new RequestBody(JsonDocument.Parse(asked.ToJsonString()), []);
        var validated = generator.Validate(GenerationOrder.Read(TaskSheet.Of(request.Task), body));
        if (validated.Order is not { } order) return OfRecord(validated.Failure!);
        string? hash = new InfotextValues(record.Parameters).Look("Model hash");
        return order with
        {
            Request = order.Request with { Verify = new() { Picture = new("", picture.Width, picture.Height), ModelHash = hash } },
            Warnings = [.. Warnings(record, request, parts), .. order.Warnings],
            Return = ReturnMode.Url,
            Pictures = [.. order.Pictures, new SentPicture(Image, picture)],
        };
    }

    /// <summary>What may make it another picture, a sentence each.</summary>
    private static IEnumerable<string> Warnings(PictureRecord record, RemadeRequest request, RemadeParts parts)
    {
        var values = new InfotextValues(record.Parameters);
        if (request.ChangedModel is { } changed) yield return changed;
        if (record.Tool != GeneratorTools.Darkroom)
            yield return $"{record.Tool ?? "another program"} made it: its values are computed otherwise, often on a GPU, and may differ a little";
        else if (PrecisionOf(parts.Models, request) is var now && (values.Look(PictureText.Precision) ?? PictureText.Float) is var then && now != then)
            yield return $"it was made in {then}, and the model computes in {now} now";
        if (request.Unused.Count > 0)
            yield return $"nothing was made of what the file says besides: {string.Join(", ", request.Unused.Keys)}";
    }

    private static string PrecisionOf(IModelDirectory models, RemadeRequest request) =>
        (string?)request.Fields[FieldTable.Model.Name] is { } id && models.Find(id) is { } model ? PictureText.PrecisionOf(model) : PictureText.Float;

    private static Fault Missing(string sentence) => new(Image.Name, $"It cannot be made again here. {sentence}.", null, Limit);

    /// <summary>What is wrong is the file's, whose fields the caller did not write.</summary>
    private static Failure OfRecord(Failure failure) => failure.Faults is not { } faults ? failure : failure with
    {
        Faults = [.. faults.Select(fault => Fields.Any(field => field.Name == fault.Field.Split('.')[0]) && fault.Field != Image.Name ? fault
            : fault with { Field = Image.Name, Message = $"What its file says cannot be asked for here. {fault.Message}" })],
    };
}
