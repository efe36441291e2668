using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>What a caller asks, as a surface understood it: values by the table of fields, pictures among them. It is not known to be right yet.</summary>
/// <param name="Sheet">The task.</param>
/// <param name="Values">What was given; whatever is absent gets the model's default, else the server's.</param>
/// <param name="Faults">What the surface found wrong with it; told together with what validation finds.</param>
internal sealed record GenerationOrder(TaskSheet Sheet, FieldValues Values, FaultList Faults);
