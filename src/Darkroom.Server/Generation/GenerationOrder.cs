using Darkroom.Imaging;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>What a caller asks, as a surface understood it: values by the table of fields, pictures among them. It is not known to be right yet.</summary>
/// <param name="Sheet">The task.</param>
/// <param name="Values">What was given; whatever is absent gets the model's default, else the server's.</param>
/// <param name="Faults">What the surface found wrong with it; told together with what validation finds.</param>
internal sealed record GenerationOrder(TaskSheet Sheet, FieldValues Values, FaultList Faults)
{
    /// <summary>
    /// The order of values under the names of the table of fields, with files beside them. A surface that has other names brings its values under these first.
    /// </summary>
    public static GenerationOrder Read(TaskSheet sheet, RequestBody values)
    {
        var faults = new FaultList();
        return new(sheet, sheet.Reader.Read(values, faults), faults);
    }

    /// <summary>Where the answer is to be a picture itself; null: it has room for any number in any format.</summary>
    public SinglePicture? Single { get; init; }

    /// <summary>
    /// What requests of its surface have where they say nothing, before the model's own defaults: from the model to values by field; null: nothing.
    /// </summary>
    public Func<ModelDescription, ModelDefaults>? Defaults { get; init; }

    /// <summary>The model with the defaults that apply to this order.</summary>
    public ModelDescription Of(ModelDescription model) => Defaults is null ? model : model with { Defaults = Defaults(model).Or(model.Defaults) };

    /// <summary>The format of the pictures, from the one that applies by the table of fields.</summary>
    public PictureFormat FormatOf(PictureFormat wanted) => Single is not { } single || single.Formats.Contains(wanted) ? wanted : single.Formats[0];

    /// <summary>Pictures that are made, from the default that applies: it gives way to an answer with room for one.</summary>
    public int CountOf(long wanted) => Single is null || Values.IsGiven(GenerationFields.Count) ? (int)wanted : 1;
}

/// <summary>An answer that is one picture and nothing else.</summary>
/// <param name="Formats">What its caller takes; the first where the request's own is none of them.</param>
internal sealed record SinglePicture(IReadOnlyList<PictureFormat> Formats);
