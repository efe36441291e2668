using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>Seeds of a call. Each picture has the next; where they are varied, the seed stays and the other one goes on.</summary>
/// <param name="Seed">Of the first picture.</param>
/// <param name="Subseed">Of the first picture.</param>
/// <param name="Strength">0…1: how far the noise is turned towards the subseed's.</param>
internal sealed record CallSeeds(long Seed, long Subseed, double Strength)
{
    /// <summary>AUTOMATIC1111 draws seeds below this.</summary>
    private const long Drawn = 4294967294;

    public static CallSeeds Of(SentValues values, CallPlan plan, ISeedSource seeds)
    {
        long most = FieldTable.MaxSeed - (plan.Pictures - 1);
        return new(
            values.Whole("seed", -1, most) is { } seed and >= 0 ? seed : seeds.Next(Drawn - plan.Pictures),
            values.Whole("subseed", -1, most) is { } other and >= 0 ? other : seeds.Next(Drawn - plan.Pictures),
            values.Number("subseed_strength", 0, 1) ?? 0);
    }

    public bool IsVaried => Strength > 0;

    /// <param name="picture">Its number in the call, from 0.</param>
    public long SeedOf(int picture) => IsVaried ? Seed : Seed + picture;

    public long SubseedOf(int picture) => Subseed + picture;
}
