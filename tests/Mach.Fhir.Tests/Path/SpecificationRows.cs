namespace Mach.Fhir.Tests.Path;

/// <summary>Sections of http://hl7.org/fhirpath/N1/ and of http://hl7.org/fhir/R4/fhirpath.html.</summary>
internal static class SpecificationRows
{
    public const string Normative =
        """
        #3 Path selection
        Patient.name.given => 'Văn' ; 'An' ; 'An' ; Patient.name[1].given[1]
        name.given => 'Văn' ; 'An' ; 'An' ; Patient.name[1].given[1]
        Patient.name[0].family => 'Nguyễn'
        name[7].family =>
        name[0].given[1] => 'An'
        Observation.name =>
        Resource.id => 'p1'
        DomainResource.id => 'p1'
        Patient.contact.name.family => 'Lê'
        name.nothing =>
        nothing.name =>
        `name`.`given`.first() => 'Văn'
        ( name ).family => 'Nguyễn' ; 'Trần'
        name /* all */ .family // of them => 'Nguyễn' ; 'Trần'
        #4.1 Literals
        true => true
        false => false
        'a\'b\\c\/\u0041\n'.length() => 8
        '\\\/\f\r\n\t\"\`\'\u002a'.length() => 10
        'Tiếng Việt' => 'Tiếng Việt'
        42 => 42
        0 => 0
        -1 => -1
        3.14 => 3.14
        3.0 => 3.0
        @2015 => @2015
        @2015-02 => @2015-02
        @2015-02-04 => @2015-02-04
        @2015T => @2015
        @2015-02-04T14 => @2015-02-04T14
        @2015-02-04T14:34 => @2015-02-04T14:34
        @2015-02-04T14:34:28 => @2015-02-04T14:34:28
        @2015-02-04T14:34:28.123+09:00 => @2015-02-04T14:34:28.123+09:00
        @2015-02-04T14:34:28Z => @2015-02-04T14:34:28Z
        @T12 => @T12
        @T14:30 => @T14:30
        @T14:30:14.559 => @T14:30:14.559
        @T14:34:28Z => !
        @T14:34:28+10:00 => !
        4.5 'mg' => 4.5 'mg'
        100 '[degF]' => 100 '[degF]'
        1 year => 1 year
        4 days => 4 days
        {} =>
        'a\qb' => !
        'a => !
        @2015-13 => !
        @2015-02-30 => !
        @T25 => !
        @20 => !
        99999999999999999999999999999999 => !
        #4.3 Singleton evaluation
        name.family.length() => !
        active and true => true
        'x' and true => true
        name.given and true => !
        iif(1 | 2, true, false) => !
        iif('x', 1, 2) => 1
        {}.iif(true, 'a', 'b') => 'a'
        (1 | 2).not() => !
        iif(gender, 1, 2) => 1
        #5.1 Existence
        {}.empty() => true
        name.empty() => false
        name.exists() => true
        nothing.exists() => false
        name.exists(use = 'usual') => true
        name.exists(use = 'old') => false
        name.all(given.exists()) => false
        name.all(use.exists()) => true
        {}.all(false) => true
        (true | true).allTrue() => true
        (true | false).allTrue() => false
        {}.allTrue() => true
        (true | false).anyTrue() => true
        {}.anyTrue() => false
        (false).allFalse() => true
        (true | false).allFalse() => false
        (true | false).anyFalse() => true
        (true).anyFalse() => false
        (1).allTrue() => !
        name.given.subsetOf(name.given) => true
        (1 | 2).subsetOf(1 | 2 | 3) => true
        (1 | 4).subsetOf(1 | 2 | 3) => false
        {}.subsetOf(1) => true
        (1 | 2 | 3).supersetOf(2 | 1) => true
        (1 | 2 | 3).supersetOf(4) => false
        name.count() => 3
        {}.count() => 0
        name.given.distinct().count() => 3
        (1 | 2 | 1).count() => 2
        name.use.isDistinct() => true
        (1).combine(1).isDistinct() => false
        {}.isDistinct() => true
        #5.2 Filtering and projection
        name.where(use = 'official').family => 'Nguyễn'
        name.where(family.empty()).use => 'usual'
        name.where({}) =>
        name.where($index = 1).use => 'usual'
        name.select(given.first()) => 'Văn' ; 'An'
        name.select($index) => 0 ; 1 ; 2
        name.select(use & '-' & family) => 'official-Nguyễn' ; 'usual-' ; 'maiden-Trần'
        name.given.where($this = 'An').count() => 2
        contained.repeat(nothing) =>
        (1).repeat($this) => 1
        name.repeat('x') => 'x'
        name.given.where(substring($this.length() - 2) = 'An') => 'An' ; 'An'
        (1).repeat(iif($this < 5, $this + 1, {})) => 2 ; 3 ; 4 ; 5
        repeat(contact | name).count() => 5
        extension.value.ofType(Quantity).value => 62.5 ; 40.0
        extension.value.ofType(Age).value => 40.0
        deceased.ofType(boolean) =>
        deceased.ofType(dateTime) => @2025-02-03T04:05:06Z
        (1 | 'a' | 2.5).ofType(Integer) => 1
        (1 | 'a' | 2.5).ofType(System.String) => 'a'
        name.ofType(Nonsense) => !
        name.where() => !
        #5.3 Subsetting
        name[1].use => 'usual'
        name[-1].use =>
        name[{}].use =>
        name['a'].use => !
        name.single() => !
        contact.single().name.family => 'Lê'
        {}.single() =>
        name.first().use => 'official'
        name.last().use => 'maiden'
        name.tail().use => 'usual' ; 'maiden'
        name.skip(1).use => 'usual' ; 'maiden'
        name.skip(0).count() => 3
        name.skip(-1).count() => 3
        name.skip(5) =>
        name.take(2).use => 'official' ; 'usual'
        name.take(0) =>
        name.take(-1) =>
        name.take(9).count() => 3
        {}.first() =>
        {}.last() =>
        {}.tail() =>
        (1 | 2 | 3).intersect(2 | 3 | 4) => 2 ; 3
        (1).combine(1).intersect(1) => 1
        (1 | 2 | 3).exclude(2) => 1 ; 3
        (1).combine(1).exclude(2) => 1 ; 1
        #5.4 Combining
        (1).union(1 | 2) => 1 ; 2
        (1).combine(1 | 2) => 1 ; 1 ; 2
        {}.union({}) =>
        name.select(use.union(given)).count() => 7
        name.select(use | given).count() => 7
        name.given | name.family => 'Văn' ; 'An' ; Patient.name[1].given[1] ; 'Nguyễn' ; 'Trần'
        #5.5 Conversion
        iif(true, 'a', 'b') => 'a'
        iif(false, 'a', 'b') => 'b'
        iif({}, 'a', 'b') => 'b'
        iif(false, 'a') =>
        iif(true, 'a', 1/'b') => 'a'
        name.iif(empty(), 'none', first().use) => 'official'
        true.toBoolean() => true
        1.toBoolean() => true
        0.toBoolean() => false
        2.toBoolean() =>
        1.0.toBoolean() => true
        'YES'.toBoolean() => true
        'f'.toBoolean() => false
        '1.0'.toBoolean() => true
        'maybe'.toBoolean() =>
        {}.toBoolean() =>
        'maybe'.convertsToBoolean() => false
        'n'.convertsToBoolean() => true
        {}.convertsToBoolean() =>
        '12'.toInteger() => 12
        -1.convertsToInteger() => !
        '1.1'.toInteger() = {} =>
        '1 \'wk\''.toQuantity() = 1 week => true
        '1 \'a\''.toQuantity() = 1 year =>
        1.is(Quantity) => false
        '-12'.toInteger() => -12
        '+1'.toInteger() => 1
        '1.0'.toInteger() =>
        '99999999999'.toInteger() =>
        true.toInteger() => 1
        1.5.toInteger() =>
        'a'.convertsToInteger() => false
        '5'.convertsToInteger() => true
        '1.50'.toDecimal() => 1.50
        '1'.toDecimal() => 1.0
        1.toDecimal() => 1.0
        true.toDecimal() => 1.0
        '.5'.toDecimal() =>
        '1e3'.toDecimal() =>
        '1.'.convertsToDecimal() => false
        '1.0'.convertsToDecimal() => true
        '2014-12'.toDate() => @2014-12
        '2014-12-14T10:00:00Z'.toDate() => @2014-12-14
        '2014-13'.toDate() =>
        @2014-12-14T10:00:00Z.toDate() => @2014-12-14
        1.toDate() =>
        '2014'.convertsToDate() => true
        'x'.convertsToDate() => false
        '2014-12-14T10:00:00.5+07:00'.toDateTime() => @2014-12-14T10:00:00.5+07:00
        '2014-12'.toDateTime() => @2014-12
        @2014-12-14.toDateTime() => @2014-12-14
        '2014-12-14T25:00'.convertsToDateTime() => false
        '14:30'.toTime() => @T14:30
        '14:30:14.559'.toTime() => @T14:30:14.559
        '24:30'.toTime() =>
        '14:30Z'.convertsToTime() => false
        '14'.convertsToTime() => true
        1.toString() => '1'
        1.50.toString() => '1.50'
        true.toString() => 'true'
        'a'.toString() => 'a'
        @2014-12.toString() => '2014-12'
        @T14:30.toString() => '14:30'
        5.5 'mg'.toString() => '5.5 'mg''
        1 day.toString() => '1 day'
        2 days.toString() => '2 days'
        name.first().toString() =>
        name.first().convertsToString() => false
        birthDate.toString() => '1974-12-25'
        1.toQuantity() => 1 '1'
        1.5.toQuantity() => 1.5 '1'
        '5 \'mg\''.toQuantity() => 5 'mg'
        '1.5 days'.toQuantity() => 1.5 days
        '1 day'.toQuantity() => 1 day
        '4'.toQuantity() => 4 '1'
        'x'.toQuantity() =>
        '4 parsecs'.toQuantity() =>
        true.toQuantity() => 1 '1'
        5 'g'.toQuantity('mg') => 5000 'mg'
        5 'g'.toQuantity('s') =>
        '1 week'.convertsToQuantity() => true
        '1 wk'.convertsToQuantity() => false
        'a'.convertsToQuantity() => false
        #5.6 String manipulation
        'abcdefg'.indexOf('bc') => 1
        'abcdefg'.indexOf('x') => -1
        'abcdefg'.indexOf('') => 0
        {}.indexOf('a') =>
        'a'.indexOf({}) =>
        'abcabc'.lastIndexOf('bc') => 4
        'abcdefg'.substring(3) => 'defg'
        'abcdefg'.substring(1, 2) => 'bc'
        'abcdefg'.substring(6, 2) => 'g'
        'abcdefg'.substring(7, 1) =>
        'abcdefg'.substring(-1) =>
        'abcdefg'.substring(1, 0) => ''
        'abcdefg'.startsWith('abc') => true
        'abcdefg'.startsWith('xyz') => false
        'abcdefg'.startsWith('') => true
        {}.startsWith('a') =>
        'abcdefg'.endsWith('efg') => true
        'abcdefg'.endsWith('') => true
        'abc'.contains('b') => true
        'abc'.contains('d') => false
        'abc'.contains('') => true
        'abc'.upper() => 'ABC'
        'ĐẶNG'.lower() => 'đặng'
        'abcdefg'.replace('cde', '123') => 'ab123fg'
        'abcdefg'.replace('cde', '') => 'abfg'
        'abc'.replace('', 'x') => 'xaxbxcx'
        'abc'.replace('x', 'y') => 'abc'
        'abc'.replace({}, 'y') =>
        'N8000123123'.matches('^N[0-9]{8}$') => false
        'N8000123123'.matches('N[0-9]{10}') => true
        'a\nb'.matches('a.b') => true
        'ab'.matches('(') => !
        'N8000123123'.matches('N[0-9]{8}') => true
        'N8000123123'.matchesFull('N[0-9]{8}') => false
        'abc'.matches({}) =>
        '11/30/1972'.replaceMatches('\\b(?<month>\\d{1,2})/(?<day>\\d{1,2})/(?<year>\\d{2,4})\\b', '${day}-${month}-${year}') => '30-11-1972'
        'abc'.replaceMatches('', 'x') => 'abc'
        'abc'.replaceMatches('[bc]', 'x') => 'axx'
        'abc'.length() => 3
        ''.length() => 0
        'abc'.toChars() => 'a' ; 'b' ; 'c'
        1.length() => !
        ' a '.trim() => 'a'
        'a,b,,c'.split(',') => 'a' ; 'b' ; '' ; 'c'
        ('a' | 'b').join('-') => 'a-b'
        'Việt'.encode('base64').decode('base64') => 'Việt'
        'a<b'.escape('html') => 'a&lt;b'
        'a&lt;b'.unescape('html') => 'a<b'
        #5.7 Math
        (-5).abs() => 5
        (-5.5).abs() => 5.5
        (-5.5 'mg').abs() => 5.5 'mg'
        1.1.ceiling() => 2
        (-1.1).ceiling() => -1
        2.1.floor() => 2
        (-2.1).floor() => -3
        0.exp() => 1.0
        1.ln() => 0.0
        16.log(2) => 4.0
        100.0.log(10.0) => 2.0
        (-1).ln() =>
        0.ln() =>
        2.power(3) => 8
        2.5.power(2) => 6.25
        (-1).power(0.5) =>
        2.power(40) =>
        2.power(-1) => 0.5
        1.round() => 1.0
        3.14159.round(3) => 3.142
        2.5.round() => 3.0
        (-2.5).round() => -3.0
        3.1.round(-1) => !
        81.sqrt() => 9.0
        (-1).sqrt() =>
        101.truncate() => 101
        (-1.56).truncate() => -1
        'a'.abs() => !
        {}.abs() =>
        #5.8 Tree navigation
        contact.children().count() => 2
        birthDate.children().count() => 2
        name[1].children().count() => 3
        contact.descendants().count() => 4
        gender.descendants().where($this = 'asked').count() => 1
        children().where($this is HumanName).count() => 3
        #5.9 Utility
        name.trace('n').count() => 3
        name.trace('n', use).count() => 3
        now() => @2026-03-04T05:06:07.089+07:00
        today() => @2026-03-04
        timeOfDay() => @T05:06:07.089
        now() = now() => true
        birthDate < today() => true
        #7 Aggregates
        (1 | 2 | 3).aggregate($this + $total, 0) => 6
        (3 | 1 | 2).aggregate(iif($total.empty(), $this, iif($this < $total, $this, $total))) => 1
        {}.aggregate($total + 1, 7) => 7
        (1 | 2).aggregate($total + $index, 0) => 1
        #9 Environment variables
        %context.id => 'p1'
        %resource.id => 'p1'
        %rootResource.id => 'p1'
        contained.select(%resource.id) => 'p1'
        %ucum => 'http://unitsofmeasure.org'
        %sct => 'http://snomed.info/sct'
        %loinc => 'http://loinc.org'
        %`vs-administrative-gender` => 'http://hl7.org/fhir/ValueSet/administrative-gender'
        %'vs-administrative-gender' => 'http://hl7.org/fhir/ValueSet/administrative-gender'
        %vs-administrative-gender => 'http://hl7.org/fhir/ValueSet/administrative-gender'
        %"ext-patient-birthTime" => 'http://hl7.org/fhir/StructureDefinition/patient-birthTime'
        %unknown => !
        #10 Types and reflection
        true.type().name => 'Boolean'
        true.type().namespace => 'System'
        active.type().namespace => 'FHIR'
        active.type().name => 'boolean'
        name.first().type().name => 'HumanName'
        Patient.type().baseType => 'FHIR.DomainResource'
        #Syntax
        name. => !
        name..given => !
        .name => !
        (name => !
        name) => !
        name[0 => !
        1 + => !
        + => !
        name name => !
        1 = = 1 => !
        nofunction() => !
        count(1) => !
        $that => !
        name.given! => !
        and => !
        true and => !
        'a' 'b' => !
        /* open => !
        """;

    public const string Operators =
        """
        #6.1 Equals
        1 = 1 => true
        1 = 2 => false
        1 = 1.0 => true
        1.0 = 1.00 => true
        'a' = 'a' => true
        'a' = 'A' => false
        true = true => true
        1 = '1' => false
        {} = 1 =>
        {} = {} =>
        (1 | 2) = (1 | 2) => true
        (1 | 2) = (2 | 1) => false
        (1 | 2) = 1 => false
        name = name => true
        name[0] = name[1] => false
        name.given.first() = 'Văn' => true
        gender = 'male' => true
        @2012 = @2012 => true
        @2012 = @2013 => false
        @2012 = @2012-01 =>
        @2012-01 = @2013 => false
        @2012-04-15 = @2012-04-15T10 =>
        @2012-04-15T15:00:00+02:00 = @2012-04-15T16:00:00+03:00 => true
        @2012-04-15T15:30:31 = @2012-04-15T15:30:31.0 => true
        @2012-04-15T15:30:31 = @2012-04-15T15:30:31.1 => false
        @2012-04-15T15:00:00Z = @2012-04-15T10:00:00 => false
        @2012-04-15T15:00:00Z = @2012-04-15T22:00:00 => true
        @T14:30 = @T14:30 => true
        @T14:30 = @T14:30:00 =>
        @T14:30 = @2012 => false
        birthDate = @1974-12-25 => true
        birthDate != @1974-12-25 => false
        4 'g' = 4000 'mg' => true
        4.0000 'g' = 4000.0 'mg' => true
        4 'g' = 4 's' =>
        5 'zork' = 5 'zork' => true
        7 days = 1 week => true
        1 year = 12 months => true
        1 year = 1 'a' =>
        1 month = 1 'mo' =>
        1 second = 1 's' => true
        1000 milliseconds = 1 's' => true
        1 = 1 '1' => true
        name[1].given[1] = 'x' =>
        extension[0].value = 62.5 'kg' => true
        extension[0].value = 62500 'g' => true
        extension[1].value = 40 years => true
        #6.1 Not equals
        1 != 2 => true
        1 != 1 => false
        name.given != {} =>
        birthDate != @1974-12-25T12:34:00 =>
        birthDate != @T12:14 => true
        {} != 1 =>
        (1 | 2) != (2 | 1) => true
        @2012 != @2012-01 =>
        4 'g' != 4040 'mg' => true
        #6.1 Equivalent
        1 ~ 1 => true
        {} ~ {} => true
        {} ~ 1 => false
        'abc' ~ 'ABC' => true
        'a  b' ~ 'A b' => true
        1.1 ~ 1.11 => true
        1.1 ~ 1.2 => false
        1 ~ 1.1 => true
        (1 | 2) ~ (2 | 1) => true
        (1 | 2) ~ (2 | 3) => false
        @2012 ~ @2012-01 => false
        @2012-01-01 ~ @2012-01-01 => true
        @T10:30:01 ~ @T10:30:01.0 => true
        4 'g' ~ 4040 'mg' => true
        4.0 'g' ~ 4040 'mg' => true
        4.00 'g' ~ 4540 'mg' => false
        1 year ~ 1 'a' => true
        1 month ~ 1 'mo' => true
        7 days ~ 1 'wk' => true
        name[0] ~ name[0] => true
        1 !~ 2 => true
        'a' !~ 'A' => false
        #6.2 Comparison
        1 < 2 => true
        2 < 1 => false
        1 <= 1 => true
        2 > 1.5 => true
        1 >= 2 => false
        'a' < 'b' => true
        'B' < 'a' => true
        {} < 1 =>
        1 < {} =>
        +1 < +2 => true
        now() > today() =>
        @2018-03-01T10:30:00 < @2018-03-01T10:30:00.0 => false
        @T10:30:00 >= @T10:30:00.0 => true
        @2018-03 <= @2018-03-01 =>
        1 < 'a' => !
        true < false => !
        (1 | 2) < 3 => !
        @2018-03-01 < @2018-03-02 => true
        @2018-03 < @2018-03-01 =>
        @2018-03 < @2018-04-01 => true
        @2018 > @2017-12-31 => true
        @2018-03-01T10 > @2018-03-01 =>
        @2018-12-21T12:01:00Z > @2018-12-21T12:00:00Z => true
        @2018-12-21T12:00:00+07:00 < @2018-12-21T06:00:00Z => true
        @T12:00 < @T13 => true
        @T12 < @T12:30 =>
        @T12 < @2018 => !
        4 'g' < 5000 'mg' => true
        4 'g' > 1 's' =>
        6 days < 1 week => true
        8 days > 1 'wk' => true
        1 year > 1 'mo' =>
        birthDate < @1975 => true
        deceased > birthDate => true
        name < 1 => !
        #6.3 Types
        1 is Integer => true
        1 is System.Integer => true
        1 is Decimal => false
        1.0 is Decimal => true
        'a' is String => true
        @2015 is Date => true
        @2015T is DateTime => true
        @T10 is Time => true
        1 'mg' is Quantity => true
        1 'mg' is System.Quantity => true
        1 is FHIR.integer => false
        active is boolean => true
        active is FHIR.boolean => true
        active is Boolean => false
        active is System.Boolean => false
        gender is code => true
        gender is string => true
        gender is id => false
        Patient is Patient => true
        Patient is DomainResource => true
        Patient is Resource => true
        Patient is FHIR.`Patient` => true
        Patient is Observation => false
        Patient.is(Resource) => true
        {} is Patient =>
        name is HumanName => !
        extension[1].value is Quantity => true
        extension[1].value is Age => true
        extension[0].value is Age => false
        deceased as dateTime => @2025-02-03T04:05:06Z
        deceased as boolean =>
        deceased.as(dateTime) => @2025-02-03T04:05:06Z
        (deceased as dateTime) > @2020 => true
        contained.first() is Organization => true
        1 is Nonsense => !
        name.ofType(HumanName).use => 'official' ; 'usual' ; 'maiden'
        #6.4 Collections
        1 | 2 | 1 => 1 ; 2
        1 in (1 | 2) => true
        3 in (1 | 2) => false
        1 in {} => false
        {} in (1 | 2) =>
        (1 | 2) in (1 | 2) => !
        (1 | 2) contains 2 => true
        (1 | 2) contains 3 => false
        (1 | 2) contains {} =>
        {} contains 1 => false
        name.given contains 'An' => true
        #6.5 Boolean logic
        true and true => true
        true and false => false
        false and {} => false
        {} and false => false
        true and {} =>
        {} and {} =>
        true or {} => true
        {} or true => true
        false or {} =>
        {} or {} =>
        false or false => false
        true.not() => false
        false.not() => true
        {}.not() =>
        1.not() => false
        true xor false => true
        true xor true => false
        true xor {} =>
        true implies false => false
        true implies true => true
        true implies {} =>
        false implies {} => true
        {} implies true => true
        {} implies false =>
        {} implies {} =>
        #6.6 Math
        1 + 1 => 2
        1 + 1.5 => 2.5
        'a' + 'b' => 'ab'
        'a' + {} =>
        1 + {} =>
        1 + 'a' => !
        1 - 2 => -1
        2 * 3 => 6
        2.5 * 2 => 5.0
        5 / 2 => 2.5
        4 / 2 => 2.0
        1 / 0 =>
        5 div 2 => 2
        -5 div 2 => -2
        5.5 div 0.7 => 7
        5 div 0 =>
        5 mod 2 => 1
        5.5 mod 0.7 => 0.6
        5 mod 0 =>
        2147483647 + 1 =>
        -2147483647 - 2 =>
        'a' & 'b' => 'ab'
        'a' & {} => 'a'
        {} & {} => ''
        1 & 'a' => !
        2 'mg' + 3 'mg' => 5 'mg'
        1 'g' + 1 'mg' => 1001 'mg'
        1 'g' + 1 's' =>
        2.0 'cm' * 2.0 'm' = 0.040 'm2' => true
        4.0 'g' / 2.0 'm' = 2 'g/m' => true
        1.0 'm' / 1.0 'm' = 1 '1' => true
        2 * 3 'mg' => 6 'mg'
        10 'mg' / 2 'mL' => 5 'mg/mL'
        (1 | 2) + 1 => !
        true + 1 => !
        #6.7 Date arithmetic
        @1973-12-25 + 7 days => @1974-01-01
        @1973-12-25 - 25 days => @1973-11-30
        @2014-01-31 + 1 month => @2014-02-28
        @2016-02-29 + 1 year => @2017-02-28
        @2014 + 24 months => @2016
        @2014 + 11 months => @2014
        @2014 + 365 days => @2015
        @2014-01 + 30 days => @2014-02
        @2014-01-01 + 23 hours => @2014-01-01
        @2014-01-01 + 24 hours => @2014-01-02
        @1973-12-25 + 1.9 days => @1973-12-26
        @1973-12-25T00:00:00.000+10:00 + 10 milliseconds => @1973-12-25T00:00:00.010+10:00
        @1973-12-25T00:00:00+10:00 + 1 week => @1974-01-01T00:00:00+10:00
        @1973-12-25T00:00:00+10:00 + 0.1 's' => @1973-12-25T00:00:00.100+10:00
        @1973-12-25T10:30 + 90 seconds => @1973-12-25T10:31
        @T23:00:00 + 2 hours => @T01:00:00
        @T00:30:00 - 1 hour => @T23:30:00
        @T01:00 + 50 seconds => @T01:00
        @T10:00 + 1 day => !
        @9999-12-31 + 1 day =>
        @2014 + 1 'mg' => !
        @1973-12-25 + 7.7 days => @1974-01-01
        @1973-12-25 + 1 'd' => @1973-12-26
        @1973-12-25 + 1 'wk' => @1974-01-01
        @1973-12-25 + 1 'mo' => @1974-01-25
        @1973-12-25 + 1 'a' => @1974-12-25
        @1973-12-25T00:00:00.000+10:00 + 1 'h' => @1973-12-25T01:00:00.000+10:00
        @1973-12-25T00:00:00.000+10:00 + 1.9 hours => @1973-12-25T01:00:00.000+10:00
        @2016-02-29 - 1 year => @2015-02-28
        @2014 + 1 => !
        @2014 + {} =>
        birthDate + 1 month => @1975-01-25
        today() - 1 day => @2026-03-03
        #6.8 Precedence
        1 + 2 * 3 => 7
        (1 + 2) * 3 => 9
        1 + 2 = 3 and true => true
        -1 + 2 => 1
        - 1 .abs() => -1
        1 | 2 + 3 => 1 ; 5
        true or false and false => true
        false implies true and false => true
        true or true xor true => false
        1 > 2 = false => true
        2 - 1 - 1 => 0
        'a' & 'b' = 'ab' => true
        1 is Integer and true => true
        1 | 1 is Integer => 1 ; true
        1 > 2 is Boolean => !
        true and 'b' in ('a' | 'b') => true
        1 + 2 * 3 + 4 = 11 => true
        - name.given.count() => -4
        2 + 2 / => !
        1 = 1 in (true | false) => true
        """;

    public const string Fhir =
        """
        #Choice elements
        deceased => @2025-02-03T04:05:06Z
        multipleBirth => 2
        multipleBirth + 1 => 3
        deceasedDateTime =>
        extension[0].value.unit => 'kg'
        extension.value.coding.code => 'male'
        deceased.exists() => true
        extension.value.count() => 4
        #Implicit conversion
        active.not() => false
        telecom.rank.aggregate($this + $total, 0) => 3
        telecom.where(rank > 1).value => 'an@example.org'
        meta.lastUpdated > @2026-01-01 => true
        meta.lastUpdated is instant => true
        name.family.first().startsWith('Ng') => true
        name.period.start = @2001 => true
        extension[2].value * 2 = 3 => true
        #Primitives and what stands beside them
        gender.extension('http://example.org/how').value => 'asked'
        birthDate.extension(%`ext-patient-birthTime`).value => @1974-12-25T14:35:45+07:00
        birthDate.id => 'b1'
        name[1].given[1].extension.value => 'unknown'
        name[1].given[1].exists() => true
        name[1].given[1].hasValue() => false
        name[1].given[1].id => 'g2'
        name[1].given.count() => 2
        name.given.where(hasValue()) => 'Văn' ; 'An' ; 'An'
        #extension
        extension('http://example.org/weight').value.value => 62.5
        extension('http://example.org/none') =>
        extension('http://example.org/weight').exists() => true
        #hasValue and getValue
        gender.hasValue() => true
        name.hasValue() => false
        name.first().hasValue() => false
        {}.hasValue() => false
        gender.getValue() => 'male'
        gender.getValue() is System.String => true
        name.first().getValue() =>
        name[1].given[1].getValue() =>
        #resolve
        managingOrganization.resolve().name => 'Hospital'
        managingOrganization.resolve() is Organization => true
        generalPractitioner.resolve() =>
        {}.resolve() =>
        managingOrganization.resolve().select(%rootResource.id) => 'p1'
        #memberOf
        gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender') => true
        gender.memberOf(%`vs-administrative-gender`) => true
        'x'.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender') => false
        gender.memberOf('http://example.org/unknown') =>
        extension[3].value.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender') => true
        extension[3].value.coding.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender') => true
        #subsumes
        extension[3].value.subsumes(extension[3].value) => true
        gender.subsumedBy(gender) => true
        #htmlChecks
        text.div.htmlChecks() => true
        '<div><script/></div>'.htmlChecks() => false
        #conformsTo
        Patient.name.first().conformsTo('http://hl7.org/fhir/StructureDefinition/HumanName') => true
        conformsTo('http://hl7.org/fhir/StructureDefinition/Observation') => false
        conformsTo('http://example.org/none') => !
        #checkModifiers
        checkModifiers('http://example.org/careful').id => 'p1'
        checkModifiers() => !
        name.checkModifiers().count() => 3
        #Profiles
        elementDefinition() => !
        slice('a', 'b') => !
        #Rules as the specification writes them
        name.exists() or telecom.exists() => true
        name.all(hasValue() or (children().count() > id.count())) => true
        contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists()).not()).empty() => true
        name.period.all(start.hasValue().not() or end.hasValue().not() or (start <= end)) => true
        contact.all(name.exists() or telecom.exists()) => true
        """;
}
