using System.Collections;
using System.Text.Json;

namespace Mach.Fhir.Types;

/// <summary>The values of an element that repeats; none when it is missing.</summary>
/// <param name="array">A JSON array; anything else counts as none.</param>
public readonly struct Many<T>(JsonElement array) : IReadOnlyList<T>
    where T : struct, IFhir<T>
{
    public int Count => array.ValueKind == JsonValueKind.Array ? array.GetArrayLength() : 0;

    /// <exception cref="IndexOutOfRangeException">There are not so many.</exception>
    public T this[int index] => T.Of(array[index]);

    public Enumerator GetEnumerator() => new(array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public struct Enumerator : IEnumerator<T>
    {
        private JsonElement.ArrayEnumerator _items;

        internal Enumerator(JsonElement.ArrayEnumerator items) => _items = items;

        public readonly T Current => T.Of(_items.Current);

        readonly object IEnumerator.Current => Current;

        public bool MoveNext() => _items.MoveNext();

        public void Reset() => _items.Reset();

        public readonly void Dispose() => _items.Dispose();
    }
}
